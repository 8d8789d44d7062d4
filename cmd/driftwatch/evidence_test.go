package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/sqlite"
)

// changed is a database with one hit whose article's page was edited, retitled,
// taken down and put back.
func changed(t *testing.T) (store.Store, store.HitDetail) {
	t.Helper()
	ctx := context.Background()
	st, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "driftwatch.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	day := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)
	before := news.Version{Title: "Bank stops cards", Text: "A bank stopped serving cards. It gave no reason.\n\nClients queue at its door.", Seen: day}
	after := news.Version{Title: "Bank reviews cards", Text: "A bank reviews how it serves cards. It gave no reason.\n\nClients queue at its door.", Seen: day.Add(time.Hour)}
	var id int64
	err = st.Update(ctx, func(tx store.Tx) error {
		a, err := tx.NewStory(news.Article{URL: "https://outlet.example/1", Title: before.Title, Text: before.Text, Seen: day, Source: "outlet", Lang: "en"}, store.Print{})
		if err != nil {
			return err
		}
		put, err := tx.PutHits(a.ID, 1, []news.Hit{{Signal: "s1", Title: "Bank stops cards", Theme: news.ThemeSanctions, Level: 3, Found: day}})
		if err != nil {
			return err
		}
		id = put[0].ID
		for _, c := range []store.PageChange{
			{PageChange: news.PageChange{Kind: news.ChangeTitle, From: before.Title, To: after.Title, Found: after.Seen}, Before: before, After: after},
			{PageChange: news.PageChange{Kind: news.ChangeEdited, Of: "Bank stops cards", From: "A bank stopped serving cards.", To: "A bank reviews how it serves cards.", Found: after.Seen}, Before: before, After: after},
			{PageChange: news.PageChange{Kind: news.ChangeTakenDown, From: after.Title, To: "status \x1b[2J404", Found: day.Add(6 * time.Hour)}, Before: after},
			{PageChange: news.PageChange{Kind: news.ChangeRestored, From: "status 404", To: after.Title, Found: day.Add(24 * time.Hour)}, Before: after, After: after},
		} {
			c.Article = a.ID
			if _, err := tx.PutPageChange(c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d, err := st.Hit(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return st, d
}

func TestChangesAreReadable(t *testing.T) {
	st, d := changed(t)
	cmd := &cobra.Command{}
	cmd.SetContext(t.Context())
	for name, asJSON := range map[string]bool{"changes.txt": false, "changes.json": true} {
		var out bytes.Buffer
		a := &app{stdout: &out, location: time.UTC}
		if err := a.showChanges(cmd, st, d, asJSON); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", "evidence", name)
		if *update {
			if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if out.String() != string(want) {
			t.Errorf("%s:\n%s", name, &out)
		}
	}
}
