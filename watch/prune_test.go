package watch_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/archive"
	"driftwatch/store/sqlite"
	"driftwatch/watch"
)

// fillArchive keeps a page for each of n articles seen an hour apart since a
// time, each in a file of its own; those for which flag says so are flagged.
func fillArchive(t *testing.T, st store.Store, folder string, since time.Time, n int, flag func(n int) bool) {
	t.Helper()
	w, err := archive.OpenWriter(folder, archive.Options{MaxBytes: 1, Now: func() time.Time { return since }})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for i := range n {
		a := news.Article{
			Source: "outlet", URL: fmt.Sprintf("https://outlet.example/%d", i), Title: fmt.Sprintf("Article %d", i),
			Text: strings.Repeat(fmt.Sprintf("Sentence %d. ", i), 500), Seen: since.Add(time.Duration(i) * time.Hour),
		}
		c := &news.Capture{URL: a.URL, Fetched: a.Seen, Status: 200, Body: []byte(a.Text)}
		p, err := w.Put(archive.Others, c, nil) // as with pages: all, before it was flagged
		if err != nil {
			t.Fatal(err)
		}
		err = st.Update(context.Background(), func(tx store.Tx) (err error) {
			if a, err = tx.NewStory(a, store.Print{}); err != nil {
				return err
			}
			if flag(i) {
				if _, err := tx.PutHits(a.ID, 1, []news.Hit{{Signal: "s", Level: 3, Found: a.Seen}}); err != nil {
					return err
				}
			}
			_, err = tx.PutPage(news.KeptPage{Article: a.ID, URL: a.URL, Status: 200, Fetched: a.Seen, PagePlace: p})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestPrune(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	st, err := sqlite.Open(ctx, filepath.Join(dir, "driftwatch.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	e := watch.Evidence{Folder: filepath.Join(dir, "archive")}
	now := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)
	const n = 60
	fillArchive(t, st, e.Folder, now.Add(-n*time.Hour), n, func(i int) bool { return i%20 == 0 })
	keep := configs.Keep{Articles: 20 * time.Hour, Pages: 30 * time.Hour}

	gone := 0
	told := func(articles int) { gone = articles }
	would, err := watch.Prune(ctx, st, e, keep, now, true, told)
	if err != nil {
		t.Fatal(err)
	}
	// Of the 40 articles that are old enough two are flagged, and of the 30 files.
	if would.Articles != 38 || len(would.Files) != 28 || would.FileBytes == 0 || would.Database != 0 {
		t.Errorf("would free %+v", would)
	}
	if c, err := st.Counts(ctx); err != nil || c.Articles != n {
		t.Errorf("a dry run left %d articles, error %v", c.Articles, err)
	}
	did, err := watch.Prune(ctx, st, e, keep, now, false, told)
	if err != nil {
		t.Fatal(err)
	}
	if did.Pruned != would.Pruned || len(did.Files) != len(would.Files) || did.FileBytes != would.FileBytes || did.Database < did.Bytes/2 {
		t.Errorf("freed %+v, would have freed %+v", did, would)
	}
	if gone != 38 {
		t.Errorf("it was told of %d articles", gone)
	}
	if c, err := st.Counts(ctx); err != nil || c.Articles != n-38 {
		t.Errorf("%d articles are left, error %v", c.Articles, err)
	}
	rows, err := st.Hits(ctx, store.HitFilter{})
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d hits, error %v", len(rows), err)
	}
	for _, r := range rows {
		pages, err := st.Pages(ctx, r.Article.ID)
		if err != nil || len(pages) != 1 {
			t.Fatalf("article %d has %d pages, error %v", r.Article.ID, len(pages), err)
		}
		if _, err := archive.Read(e.Folder, pages[0]); err != nil {
			t.Error(err)
		}
	}
	for _, f := range did.Files {
		if _, err := os.Stat(filepath.Join(e.Folder, f)); err == nil {
			t.Errorf("%s is still there", f)
		}
	}
	if again, err := watch.Prune(ctx, st, e, keep, now, false, told); err != nil || again.Articles+again.Cycles > 0 || len(again.Files) > 0 {
		t.Errorf("freed again: %+v, error %v", again, err)
	}
	if ever, err := watch.Prune(ctx, st, e, configs.Keep{}, now.AddDate(50, 0, 0), true, told); err != nil || ever.Articles > 0 || len(ever.Files) > 0 {
		t.Errorf("kept for ever: would free %+v, error %v", ever, err)
	}
	if faults, err := st.Check(ctx); err != nil || len(faults) > 0 {
		t.Errorf("faults %q, error %v", faults, err)
	}
}
