package storetest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

func users(s *suite) {
	ctx := s.Context()
	u := news.User{Name: "dana", Role: news.RoleAdmin, Password: "x", Keys: true, Lang: "ru", Zone: "Asia/Almaty", Look: "dark", Created: day}
	dana, err := s.AddUser(ctx, u, true)
	s.ok(err)
	u.ID, u.Epoch = dana.ID, 1
	if got, err := s.UserNamed(ctx, "dana"); err != nil || got != u {
		s.Errorf("the user is %+v (%v), want %+v", got, err, u)
	}
	if _, err := s.AddUser(ctx, news.User{Name: "timur", Role: news.RoleReader, Created: day}, true); !errors.Is(err, store.ErrExists) {
		s.Errorf("a second first user: %v", err)
	}
	if _, err := s.AddUser(ctx, news.User{Name: "dana", Role: news.RoleReader, Created: day}, false); !errors.Is(err, store.ErrExists) {
		s.Errorf("a second user of a name: %v", err)
	}
	if _, err := s.UserNamed(ctx, "nobody"); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("a user that isn't there: %v", err)
	}
	for _, change := range []func(*news.User) error{
		func(u *news.User) error { u.Role = news.RoleReader; return nil },
		func(u *news.User) error { u.Disabled = true; return nil },
	} {
		if _, err := s.ChangeUser(ctx, dana.ID, change); !errors.Is(err, store.ErrLastAdmin) {
			s.Errorf("the last admin is changed: %v", err)
		}
	}
	got, err := s.ChangeUser(ctx, dana.ID, func(u *news.User) error { u.Look = "light"; return nil })
	s.ok(err)
	if got.Epoch != 1 || got.Look != "light" {
		s.Errorf("a change of look gives %+v", got)
	}
	got, err = s.ChangeUser(ctx, dana.ID, func(u *news.User) error { u.Password = "y"; return nil })
	s.ok(err)
	if got.Epoch != 2 {
		s.Errorf("a change of password leaves the epoch at %d", got.Epoch)
	}
}

func sessions(s *suite) {
	ctx := s.Context()
	s.ok(s.PutSession(ctx, "a", []byte("one"), day.Add(time.Hour), day))
	s.ok(s.PutSession(ctx, "a", []byte("two"), day.Add(time.Hour), day))
	s.ok(s.PutSession(ctx, "b", []byte("three"), day.Add(2*time.Hour), day))
	if data, found, err := s.Session(ctx, "a", day); err != nil || !found || string(data) != "two" {
		s.Errorf("the session is %q, %t (%v)", data, found, err)
	}
	if _, found, err := s.Session(ctx, "a", day.Add(time.Hour)); err != nil || found {
		s.Errorf("a session that ended is found: %t (%v)", found, err)
	}
	s.ok(s.RemoveSession(ctx, "b"))
	s.ok(s.RemoveSession(ctx, "b"))
	if _, found, _ := s.Session(ctx, "b", day); found {
		s.Error("a session that was removed is found")
	}
}

func savedViews(s *suite) {
	ctx := s.Context()
	dana, err := s.AddUser(ctx, news.User{Name: "dana", Role: news.RoleAdmin, Created: day}, true)
	s.ok(err)
	s.ok(s.PutSavedView(ctx, news.SavedView{User: dana.ID, Name: "mine", Query: "a=1"}))
	s.ok(s.PutSavedView(ctx, news.SavedView{User: dana.ID, Name: "mine", Query: "a=2"}))
	views, err := s.SavedViews(ctx, dana.ID)
	s.ok(err)
	if len(views) != 1 || views[0].Query != "a=2" {
		s.Errorf("the views are %+v", views)
	}
	if err := s.RemoveSavedView(ctx, dana.ID+1, views[0].ID); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("somebody else removes a view: %v", err)
	}
	s.ok(s.RemoveSavedView(ctx, dana.ID, views[0].ID))
}

func auditLog(s *suite) {
	ctx := s.Context()
	for i, did := range []string{"login", "judge", "judge"} {
		s.ok(s.AddAudit(ctx, news.Audited{At: day.Add(time.Duration(i) * time.Hour), By: "dana", From: "::1", Did: did, On: "story 1", Note: "n"}))
	}
	all, err := s.Audit(ctx, news.AuditFilter{})
	s.ok(err)
	if len(all) != 3 || !all[0].At.Equal(day.Add(2*time.Hour)) || all[2].Did != "login" || all[0].From != "::1" || all[0].On != "story 1" || all[0].Note != "n" {
		s.Errorf("the log is %+v", all)
	}
	for i, c := range []struct {
		f    news.AuditFilter
		want int
	}{
		{news.AuditFilter{Did: "judge"}, 2}, {news.AuditFilter{By: "timur"}, 0}, {news.AuditFilter{Since: day.Add(time.Hour)}, 2},
		{news.AuditFilter{Until: day.Add(time.Hour)}, 1}, {news.AuditFilter{Before: all[1].ID}, 1}, {news.AuditFilter{Limit: 2}, 2},
	} {
		if got, err := s.Audit(ctx, c.f); err != nil || len(got) != c.want {
			s.Errorf("filter %d: %d entries, want %d (%v)", i, len(got), c.want, err)
		}
	}
}

// leads checks that what is shown of stories is what their files say.
func (s *suite) leads(files []news.StoryFile) {
	s.Helper()
	asked := []news.Lead{{Story: 999, Signal: "c3"}, {Story: files[0].Story.ID, Signal: "none"}}
	want := slices.Clone(asked)
	want[1].Title = files[0].Story.Title
	for _, f := range files {
		for _, h := range f.Hits {
			asked = append(asked, news.Lead{Story: f.Story.ID, Signal: h.Signal})
			l := news.Lead{Story: f.Story.ID, Signal: h.Signal, Title: f.Story.Title}
			i := slices.IndexFunc(f.Hits, func(o news.FiledHit) bool { return o.Signal == h.Signal && len(o.Evidence) > 0 })
			if i >= 0 {
				article := slices.IndexFunc(f.Articles, func(a news.Article) bool { return a.ID == f.Hits[i].Article })
				l.Evidence, l.Lang = &f.Hits[i].Evidence[0], f.Articles[article].Lang
			}
			want = append(want, l)
		}
	}
	s.ok(s.FillLeads(s.Context(), asked))
	if len(want) < 4 || !reflect.DeepEqual(asked, want) {
		s.Errorf("the leads are %+v, want %+v", asked, want)
	}
}

func inbox(s *suite) {
	ctx := s.Context()
	strong, weak := hit("c3", 4), hit("c7", 1)
	other := hit("s1", 5)
	other.Theme, other.Countries, other.Found = news.ThemeSanctions, []string{"UZ"}, day.Add(time.Hour)
	side := hit("x9", 2)
	side.Background = true
	en := article(2)
	en.Lang = "en"
	a, first := s.add(article(1), store.Print{}, strong, weak)
	b, _ := s.add(en, store.Print{}, other)
	c, _ := s.add(article(3), store.Print{}, side)

	want := func(what string, f news.InboxFilter, stories ...int64) news.Inbox {
		s.Helper()
		f.Limit = 10
		got, err := s.Inbox(ctx, f)
		s.ok(err)
		if !slices.Equal(got.Stories, stories) || got.Total != len(stories) {
			s.Errorf("%s: %v of %d, want %v", what, got.Stories, got.Total, stories)
		}
		return got
	}
	facets := func(f news.Facet, values ...string) map[news.Facet][]string {
		return map[news.Facet][]string{f: values}
	}
	box := want("all that wait, the newest first", news.InboxFilter{}, b.Story, a.Story)
	if box.Counts[news.FacetTheme]["sanctions"] != 1 || box.Counts[news.FacetLevel]["4"] != 1 || box.Counts[news.FacetLevel]["1"] != 0 {
		s.Errorf("the counts are %v", box.Counts)
	}
	want("oldest first", news.InboxFilter{Order: news.InboxOldest}, a.Story, b.Story)
	want("with background", news.InboxFilter{State: news.WaitingAny, Order: news.InboxLevel}, b.Story, a.Story, c.Story)
	want("a word before the articles are findable", news.InboxFilter{Contains: "сообщение"})
	for left := true; left; {
		var err error
		left, err = s.IndexArticles(ctx, 2)
		s.ok(err)
	}
	want("a form of a word of the titles", news.InboxFilter{Contains: "СООБЩЕНИЯМИ"}, b.Story, a.Story)
	want("words of a title", news.InboxFilter{Contains: `"сообщение 1"`}, a.Story)
	want("words of a text", news.InboxFilter{Contains: "абзацу -1"}, b.Story)
	want("a word that nothing has", news.InboxFilter{Contains: "оленёнок"})
	want("a word and a facet", news.InboxFilter{Contains: "абзац", Facets: facets(news.FacetTheme, "sanctions")}, b.Story)
	box = want("a theme", news.InboxFilter{Facets: facets(news.FacetTheme, "sanctions")}, b.Story)
	if box.Counts[news.FacetTheme]["csto"] != 1 || box.Counts[news.FacetLanguage]["ru"] != 0 {
		s.Errorf("the counts with a theme are %v", box.Counts)
	}
	want("languages", news.InboxFilter{Facets: facets(news.FacetLanguage, "en", "kk")}, b.Story)

	box = want("a direction", news.InboxFilter{Facets: facets(news.FacetDirection, "apart")}, b.Story, a.Story)
	if box.Counts[news.FacetDirection]["mixed"] != 0 {
		s.Errorf("the directions are %v", box.Counts[news.FacetDirection])
	}

	moves, err := s.StoryMoves(ctx, []int64{c.Story, b.Story}, day.Add(time.Hour))
	s.ok(err)
	if len(moves) != 1 || moves[0].Hit.Story != b.Story || moves[0].Hit.Signal != "s1" || !slices.Equal(moves[0].Hit.Countries, []string{"UZ"}) ||
		moves[0].Outlet != b.Source || !moves[0].When.Equal(b.When()) || !moves[0].Began.Equal(b.When()) || moves[0].Verdict != nil {
		s.Errorf("the moves of story %d are %+v", b.Story, moves)
	}
	_, at, err := s.StoryChanges(ctx, -1)
	s.ok(err)
	act, err := s.JudgeStories(ctx, []int64{a.Story}, news.Verdict{Says: news.Relevant, By: "dana", Given: day})
	s.ok(err)
	changed, _, err := s.StoryChanges(ctx, at)
	s.ok(err)
	if !slices.Equal(changed, []int64{a.Story}) {
		s.Errorf("after a verdict on story %d those that changed are %v", a.Story, changed)
	}
	want("after a verdict", news.InboxFilter{}, b.Story)
	moves, err = s.StoryMoves(ctx, []int64{a.Story}, time.Time{})
	s.ok(err)
	if len(moves) != 2 || moves[0].Verdict == nil || moves[0].Verdict.Says != news.Relevant || moves[1].Verdict == nil {
		s.Errorf("after a verdict the moves are %+v", moves)
	}
	want("judged", news.InboxFilter{State: news.WaitingNothing}, a.Story)
	_, err = s.JudgeHit(ctx, news.Verdict{Hit: first[0].ID, Says: news.Unsure, By: "timur", Given: day})
	s.ok(err)
	want("differing", news.InboxFilter{State: news.WaitingDiffer}, a.Story)
	want("unsure", news.InboxFilter{State: news.WaitingUnsure}, a.Story)
	files, err := s.StoryFiles(ctx, []int64{b.Story, 999, a.Story})
	s.ok(err)
	if len(files) != 2 || files[1].Story.ID != a.Story || len(files[1].Hits) != 2 || files[1].Hits[0].Level != 4 || len(files[1].Hits[0].Verdicts) != 2 {
		s.Errorf("the files are %+v", files)
	}
	s.leads(files)
	if _, err := s.TakeBack(ctx, act, "timur", day); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("somebody else takes a verdict back: %v", err)
	}
	stories, err := s.TakeBack(ctx, act, "dana", day)
	s.ok(err)
	if !slices.Equal(stories, []int64{a.Story}) {
		s.Errorf("verdicts on %v were taken back", stories)
	}
	if _, err := s.TakeBack(ctx, act, "dana", day); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("a verdict is taken back twice: %v", err)
	}
	for left := true; left; {
		var err error
		left, err = s.KeepFacts(ctx, 2)
		s.ok(err)
	}
	want("after it was taken back", news.InboxFilter{}, b.Story, a.Story)
	counts, err := s.JudgedSince(ctx, day)
	s.ok(err)
	if len(counts) != 1 || counts["timur"] != 1 {
		s.Errorf("judged: %v", counts)
	}
	if _, err := s.JudgeStories(ctx, []int64{999}, news.Verdict{Says: news.Relevant}); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("a verdict on no story: %v", err)
	}
	s.ok(s.AddRemark(ctx, news.Remark{Story: a.Story, By: "dana", Text: "see the decree", Given: day}))
	if notes, err := s.Remarks(ctx, a.Story); err != nil || len(notes) != 1 || notes[0].Text != "see the decree" {
		s.Errorf("the notes are %+v (%v)", notes, err)
	}
	if err := s.AddRemark(context.WithoutCancel(ctx), news.Remark{Story: 999}); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("a note on no story: %v", err)
	}
	texts, err := s.Revisions(ctx, a.ID)
	s.ok(err)
	if len(texts) != 1 || texts[0].Title != a.Title || texts[0].Text == "" {
		s.Errorf("the texts are %+v", texts)
	}
}
