package storetest

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// keptPage makes the n-th page of an article in a file.
func keptPage(article int64, n int, file string) news.KeptPage {
	return news.KeptPage{
		Article: article, URL: fmt.Sprintf("https://outlet.example/%d", n), Status: 200, Fetched: day.Add(time.Duration(n) * time.Hour),
		PagePlace: news.PagePlace{File: file, Offset: int64(1000 * n), Length: 900, Digest: fmt.Sprintf("sha256:%04d", n), Type: "response"},
	}
}

func (s *suite) keep(p news.KeptPage) news.KeptPage {
	s.Helper()
	s.must(func(tx store.Tx) (err error) {
		p.ID, err = tx.PutPage(p)
		return err
	})
	return p
}

func pages(s *suite) {
	ctx := s.Context()
	a, _ := s.add(article(1), store.Print{}, hit("c3", 4))
	first := s.keep(keptPage(a.ID, 1, "one-flagged.warc.gz"))
	again := keptPage(a.ID, 2, "two-flagged.warc.gz")
	again.Type, again.Digest, again.Same = "revisit", first.Digest, &first
	again = s.keep(again)

	got, err := s.Pages(ctx, a.ID)
	s.ok(err)
	if want := []news.KeptPage{again, first}; !reflect.DeepEqual(got, want) {
		s.Errorf("pages %+v, want %+v", got, want)
	}
	found, err := s.PageWith(ctx, first.Digest, "-flagged.warc.gz")
	s.ok(err)
	if !reflect.DeepEqual(found, first) {
		s.Errorf("found %+v, want %+v: the record that has the body", found, first)
	}
	_, err = s.PageWith(ctx, first.Digest, "-others.warc.gz")
	s.is(err, store.ErrNotFound)
	_, err = s.PageWith(ctx, "sha256:none", "-flagged.warc.gz")
	s.is(err, store.ErrNotFound)
	s.is(s.Update(ctx, func(tx store.Tx) error {
		_, err := tx.PutPage(keptPage(999, 1, "x"))
		return err
	}), store.ErrNotFound)
	s.sound()
}

func looks(s *suite) {
	ctx := s.Context()
	a, _ := s.add(article(1), store.Print{}, hit("c3", 4))
	b, _ := s.add(article(2), store.Print{}, hit("c3", 4))
	want := store.Look{
		Article: a.ID, Flagged: day, Due: day.Add(2 * time.Hour), Tries: 1, ETag: `"a"`, LastModified: "b", Down: "status 404",
		Said: news.Version{Title: "Заголовок", Text: "Текст.\n\nЕщё.", Seen: day},
	}
	s.must(func(tx store.Tx) error {
		if err := tx.PutLook(store.Look{Article: b.ID, Flagged: day, Due: day.Add(time.Hour)}); err != nil {
			return err
		}
		if err := tx.PutLook(store.Look{Article: a.ID}); err != nil {
			return err
		}
		return tx.PutLook(want)
	})
	for _, c := range []struct {
		at   time.Time
		n    int
		want []int64
	}{
		{day, 9, nil},
		{day.Add(time.Hour), 9, []int64{b.ID}},
		{day.Add(2 * time.Hour), 9, []int64{b.ID, a.ID}},
		{day.Add(2 * time.Hour), 1, []int64{b.ID}},
	} {
		due, err := s.LooksDue(ctx, c.at, c.n)
		s.ok(err)
		var ids []int64
		for _, l := range due {
			ids = append(ids, l.Article)
		}
		if !reflect.DeepEqual(ids, c.want) {
			s.Errorf("due at %v: %v, want %v", c.at, ids, c.want)
		}
	}
	s.must(func(tx store.Tx) error {
		if got, found, err := tx.Look(a.ID); err != nil || !found || !reflect.DeepEqual(got, want) {
			s.Errorf("look %+v, %v, %v, want %+v", got, found, err, want)
		}
		if _, found, err := tx.Look(999); err != nil || found {
			s.Errorf("no article: found %v, error %v", found, err)
		}
		want.Due = time.Time{}
		return tx.PutLook(want)
	})
	due, err := s.LooksDue(ctx, day.AddDate(9, 0, 0), 9)
	s.ok(err)
	if len(due) != 1 || due[0].Article != b.ID {
		s.Errorf("due in nine years: %+v, want only article %d", due, b.ID)
	}
	s.is(s.Update(ctx, func(tx store.Tx) error { return tx.PutLook(store.Look{Article: 999}) }), store.ErrNotFound)
}

func pageChanges(s *suite) {
	ctx := s.Context()
	a, put := s.add(article(1), store.Print{}, hit("c3", 4))
	want := store.PageChange{
		PageChange: news.PageChange{Article: a.ID, Kind: news.ChangeEdited, Of: "Refuses a drill", From: "Было.", To: "Стало.", Found: day.Add(time.Hour)},
		Before:     news.Version{Title: "Один", Text: "Было.", Seen: day},
		After:      news.Version{Title: "Два", Text: "Стало.", Seen: day.Add(time.Hour)},
	}
	s.must(func(tx store.Tx) (err error) {
		if hits, err := tx.StandingHits(a.ID); err != nil || len(hits) != 1 || hits[0].ID != put[0].ID || len(hits[0].Evidence) != 1 {
			s.Errorf("hits %+v, error %v", hits, err)
		}
		want.ID, err = tx.PutPageChange(want)
		return err
	})
	s.must(func(tx store.Tx) error {
		state, err := tx.StoryState(a.Story)
		if !reflect.DeepEqual(state.Pages, []news.PageChange{want.PageChange}) {
			s.Errorf("the story's pages %+v, want %+v", state.Pages, want.PageChange)
		}
		return err
	})
	got, err := s.PageChanges(ctx, 999, a.ID)
	s.ok(err)
	if !reflect.DeepEqual(got, []store.PageChange{want}) {
		s.Errorf("changes %+v, want %+v", got, want)
	}
	if got, err = s.PageChanges(ctx); err != nil || len(got) > 0 {
		s.Errorf("of no article: %+v, error %v", got, err)
	}
	s.is(s.Update(ctx, func(tx store.Tx) error {
		_, err := tx.PutPageChange(store.PageChange{PageChange: news.PageChange{Article: 999}})
		return err
	}), store.ErrNotFound)
}

func prune(s *suite) {
	ctx := s.Context()
	flagged, _ := s.add(article(1), store.Print{Keys: []uint64{1}}, hit("c3", 4))
	var plain, missed, late news.Article
	s.must(func(tx store.Tx) (err error) {
		if _, err = tx.AddToStory(flagged.Story, article(2), store.Print{Keys: []uint64{2}}); err != nil { // beside the flagged one
			return err
		}
		if plain, err = tx.NewStory(article(3), store.Print{Keys: []uint64{3}}); err != nil {
			return err
		}
		if plain, err = tx.PutRevision(plain, store.Print{Keys: []uint64{4}}, day); err != nil {
			return err
		}
		if missed, err = tx.NewStory(article(4), store.Print{}); err != nil {
			return err
		}
		last := article(5)
		last.Seen = day.Add(time.Hour)
		if late, err = tx.NewStory(last, store.Print{}); err != nil {
			return err
		}
		return tx.PutItem(store.ItemState{Source: "outlet", Key: "k", Hash: 7, Article: plain.ID, First: day})
	})
	_, err := s.AddMiss(ctx, news.Miss{URL: missed.Link, Theme: news.ThemeCSTO, Country: "KG", Given: day})
	s.ok(err)
	s.keep(keptPage(plain.ID, 3, "others"))
	for n := range 3 {
		_, err := s.PutCycle(ctx, store.Cycle{Started: day.Add(time.Duration(n) * time.Minute), Summary: []byte(`{"n":1}`)})
		s.ok(err)
	}

	items := func(since time.Time, want map[string]map[string]int) {
		s.Helper()
		if got, err := s.ItemsByDay(ctx, since); err != nil || !reflect.DeepEqual(got, want) {
			s.Errorf("articles by day since %s: %v (%v), want %v", since, got, err, want)
		}
	}
	on := day.Format(time.DateOnly)
	items(day, map[string]map[string]int{"outlet-0": {on: 1}, "outlet-1": {on: 2}, "outlet-2": {on: 2}})
	before := store.PruneBefore{Articles: day.Add(time.Minute), Cycles: day.Add(time.Hour)}
	could, err := s.Prunable(ctx, before)
	s.ok(err)
	if could.Articles != 1 || could.Revisions != 2 || could.Stories != 1 || could.Cycles != 2 || could.Bytes == 0 {
		s.Errorf("prunable: %+v", could)
	}
	did, err := s.Prune(ctx, before, 100)
	s.ok(err)
	if did != could {
		s.Errorf("pruned %+v, prunable were %+v", did, could)
	}
	items(day.Add(time.Minute), map[string]map[string]int{"outlet-1": {on: 2}, "outlet-2": {on: 2}})
	items(day.AddDate(0, 0, 1), map[string]map[string]int{})
	if again, err := s.Prune(ctx, before, 100); err != nil || again != (store.Pruned{}) {
		s.Errorf("pruned again: %+v, error %v", again, err)
	}
	_, err = s.Article(ctx, plain.ID)
	s.is(err, store.ErrNotFound)
	for _, a := range []news.Article{flagged, missed, late} {
		_, err := s.Article(ctx, a.ID)
		s.ok(err)
	}
	if of, err := s.ArticlesOf(ctx, flagged.Story); err != nil || len(of) != 2 {
		s.Errorf("the flagged story has %d articles, error %v", len(of), err)
	}
	known, err := s.KnownItems(ctx, "outlet", []string{"k"})
	s.ok(err)
	if i := known["k"]; i.Hash != 7 || i.Article != 0 {
		s.Errorf("the entry is %+v: it must stay, so that it isn't new again", i)
	}
	if c, err := s.Cycles(ctx, 9); err != nil || len(c) != 1 {
		s.Errorf("%d cycles are left, error %v, want the last", len(c), err)
	}
	if nothing, err := s.Prune(ctx, store.PruneBefore{}, 100); err != nil || nothing != (store.Pruned{}) {
		s.Errorf("what is kept for ever: pruned %+v, error %v", nothing, err)
	}
	s.sound()
}

// pruneJoined: what was merged and parted keeps its numbers, and nothing leads to an
// article that is gone.
func pruneJoined(s *suite) {
	ctx := s.Context()
	print := func(n uint64) store.Print {
		return store.Print{Bytes: []byte{byte(n)}, Keys: []uint64{n}, Events: []store.EventKey{{Key: uint32(n), Weight: 1}}}
	}
	act := news.StoryAct{By: "aigul", Why: "one raid", At: day}
	var a, b, c, d, late news.Article
	var part int64
	s.must(func(tx store.Tx) (err error) {
		for i, to := range []*news.Article{&a, &b, &c} {
			if *to, err = tx.NewStory(article(i+1), print(uint64(i+1))); err != nil {
				return err
			}
		}
		if d, err = tx.AddToStory(c.Story, article(4), print(4)); err != nil {
			return err
		}
		last := article(5)
		last.Seen, last.Join = day.Add(time.Hour), news.Join{Relation: news.RelationSameText, To: c.ID, Score: 0.9}
		if late, err = tx.AddToStory(c.Story, last, print(5)); err != nil {
			return err
		}
		if err = tx.MergeStories(a.Story, b.Story, act); err != nil {
			return err
		}
		part, err = tx.SplitStory(c.Story, []int64{d.ID}, act)
		return err
	})
	before := store.PruneBefore{Articles: day.Add(time.Minute)}
	could, err := s.Prunable(ctx, before)
	s.ok(err)
	did, err := s.Prune(ctx, before, 100)
	s.ok(err)
	if did != could || did.Articles != 4 || did.Stories != 0 {
		s.Errorf("pruned %+v, prunable were %+v, want four articles and no story", did, could)
	}
	for _, id := range []int64{a.Story, b.Story, c.Story, part} {
		if acts, err := s.StoryActs(ctx, id); err != nil || len(acts) != 1 {
			s.Errorf("what was done to story %d: %+v, error %v", id, acts, err)
		}
	}
	left, err := s.ArticlesOf(ctx, c.Story)
	s.ok(err)
	if len(left) != 1 || left[0].ID != late.ID || left[0].Join.To != 0 {
		s.Errorf("left %+v, want the late one, which leads nowhere", left)
	}
	s.must(func(tx store.Tx) error {
		texts, err := tx.TextCandidates([]uint64{1, 2, 3, 4, 5}, day.AddDate(-1, 0, 0), day.AddDate(1, 0, 0))
		if err != nil || len(texts) != 1 || texts[0].Story != c.Story {
			s.Errorf("copies of what is gone lead to %+v, error %v", texts, err)
		}
		return err
	})
	s.sound()
}

func archiveFiles(s *suite) {
	ctx := s.Context()
	a, _ := s.add(article(1), store.Print{}, hit("c3", 4))
	b, _ := s.add(article(2), store.Print{})
	s.keep(keptPage(a.ID, 1, "a"))
	s.keep(keptPage(b.ID, 2, "b"))
	last := s.keep(keptPage(b.ID, 3, "b"))
	body := s.keep(keptPage(b.ID, 4, "c"))
	revisit := keptPage(b.ID, 5, "b")
	revisit.Same = &body
	last = s.keep(revisit)
	got, err := s.ArchiveFiles(ctx)
	s.ok(err)
	want := []store.ArchiveFile{
		{Name: "a", Pages: 1, Latest: day.Add(time.Hour), Flagged: true},
		{Name: "b", Pages: 3, Latest: last.Fetched},
		{Name: "c", Pages: 1, Latest: body.Fetched, Flagged: true},
	}
	if !reflect.DeepEqual(got, want) {
		s.Errorf("files %+v, want %+v", got, want)
	}
	if n, err := s.ForgetPages(ctx, "b"); err != nil || n != 3 {
		s.Errorf("forgot %d pages, error %v", n, err)
	}
	if left, err := s.Pages(ctx, b.ID); err != nil || len(left) != 1 || left[0].File != "c" {
		s.Errorf("left %+v, error %v", left, err)
	}
	s.sound()
}

func shrink(s *suite) {
	ctx := s.Context()
	s.must(func(tx store.Tx) error {
		for n := range 40 {
			a := article(n)
			a.Text = strings.Repeat("Длинный текст. ", 2000)
			if _, err := tx.NewStory(a, store.Print{}); err != nil {
				return err
			}
		}
		return nil
	})
	full, err := s.Counts(ctx)
	s.ok(err)
	_, err = s.Prune(ctx, store.PruneBefore{Articles: day.Add(time.Hour)}, 100)
	s.ok(err)
	left, err := s.Shrink(ctx, 10)
	s.ok(err)
	first := left
	for steps := 0; left > 0 && steps < 1000; steps++ {
		left, err = s.Shrink(ctx, 100)
		s.ok(err)
	}
	after, err := s.Counts(ctx)
	s.ok(err)
	if first == 0 || left > 0 || 2*after.Bytes > full.Bytes {
		s.Errorf("after one step %d free pages, at the end %d; %d of %d bytes", first, left, after.Bytes, full.Bytes)
	}
	s.sound()
}
