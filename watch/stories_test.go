package watch

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/store/sqlite"
	"driftwatch/story"
	"driftwatch/text"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

var nouns = strings.Fields("regulator governor pipeline harvest railway museum hospital customs reservoir satellite orchestra glacier textile parliament")

// sentence is one of made-up words, of which others have none.
func sentence(i int) string {
	const syllables = "barkelmonsutvindoragnep"
	name := func(n int) string {
		h := uint32(i*31+n)*2654435761 + 12345
		out := ""
		for range 4 {
			at := int(h>>8) % (len(syllables) - 3)
			out += syllables[at : at+3]
			h = h*1664525 + 1013904223
		}
		return strings.ToUpper(out[:1]) + out[1:]
	}
	return fmt.Sprintf("%s %s %s %s.", nouns[i%len(nouns)], name(1), nouns[(i*5+3)%len(nouns)], name(2))
}

// drifting are reports each of which tells a part of what the one before it told,
// and something else: how they are grouped one by one depends on their order.
func drifting() []draft {
	var out []draft
	for n := range 9 {
		var body []string
		for i := n; i < n+5; i++ {
			body = append(body, sentence(i))
		}
		a := news.Article{
			Source: "s", URL: fmt.Sprintf("https://s.example/%d", n), Title: strings.TrimSuffix(sentence(n+2), ".") + " " + sentence(n+3),
			Text: strings.Join(body, " "), Lang: "en", Seen: noon, Published: noon.Add(time.Duration(n-20) * time.Minute),
		}
		r := text.Read(a.Title, a.Text, "en")
		out = append(out, draft{key: a.URL, article: a, sketch: story.Draw(r, nil, a.When())})
	}
	return out
}

// retold is a draft in other words: all of its own, in another order.
func retold(dr draft) draft {
	a := dr.article
	a.URL += "-retold"
	words := strings.Fields(strings.ReplaceAll(a.Text, ".", ""))
	slices.Reverse(words)
	a.Text = strings.Join(words, " ") + "."
	words = strings.Fields(a.Title)
	slices.Reverse(words)
	a.Title = strings.Join(words, " ")
	return draft{key: a.URL, article: a, sketch: story.Draw(text.Read(a.Title, a.Text, "en"), nil, a.When())}
}

// filer is a watch with a store of its own, to which tests give drafts to file.
type filer struct {
	*Watch
	t   *testing.T
	now time.Time
}

func openFiler(t *testing.T) *filer {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "watch.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	f := &filer{t: t, now: noon}
	f.Watch = &Watch{Store: st, Now: func() time.Time { return f.now }, EventWindow: story.EventWindow, TextWindow: story.TextWindow}
	return f
}

// cycle has a desk of its own.
func (f *filer) cycle(do func(*desk)) {
	f.t.Helper()
	d := f.startDesk(f.t.Context(), newTally(f.now), Order{}, func() {})
	do(d)
	if err := d.close(); err != nil {
		f.t.Fatal(err)
	}
}

// file files drafts of one source and gives the article of the last.
func (f *filer) file(d *desk, drafts ...draft) news.Article {
	f.t.Helper()
	if err := d.file(f.t.Context(), filing{source: news.Source{ID: "s"}, drafts: drafts}); err != nil {
		f.t.Fatal(err)
	}
	return f.at(drafts[len(drafts)-1].article.URL)
}

// alone files a draft in a cycle of its own.
func (f *filer) alone(dr draft) news.Article {
	f.t.Helper()
	f.cycle(func(d *desk) { f.file(d, dr) })
	return f.at(dr.article.URL)
}

// at is the article at an address.
func (f *filer) at(url string) news.Article {
	f.t.Helper()
	a, err := f.Store.ArticleAt(f.t.Context(), url)
	if err != nil {
		f.t.Fatal(err)
	}
	return a
}

// filedIn files drafts in an order, some at a time, as one cycle, and writes
// which of them are together.
func filedIn(t *testing.T, drafts []draft, order []int, settle bool) string {
	t.Helper()
	f := openFiler(t)
	f.cycle(func(d *desk) {
		for len(order) > 0 {
			n := min(len(order), 1+order[0]%3)
			var some []draft
			for _, i := range order[:n] {
				some = append(some, drafts[i])
			}
			f.file(d, some...)
			order = order[n:]
		}
		if !settle {
			clear(d.unsettled)
		}
	})
	if found, err := f.Store.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
	first := map[int64]int{}
	var out []string
	for i, dr := range drafts {
		a := f.at(dr.article.URL)
		if _, ok := first[a.Story]; !ok {
			first[a.Story] = i
		}
		if a.Join.To != 0 {
			to, err := f.Store.Article(t.Context(), a.Join.To)
			if err != nil || to.Story != a.Story {
				t.Errorf("article %d of story %d joined article %d of story %d, %v", a.ID, a.Story, to.ID, to.Story, err)
			}
		}
		out = append(out, fmt.Sprint(first[a.Story]))
	}
	return strings.Join(out, " ")
}

// However the outlets answer, the same articles of a cycle give the same stories.
func TestStoriesOfACycleKnowNoOrder(t *testing.T) {
	drafts := drifting()
	random := rand.New(rand.NewPCG(5, 6))
	settled, online := map[string]bool{}, map[string]bool{}
	for range 12 {
		order := random.Perm(len(drafts))
		settled[filedIn(t, drafts, order, true)] = true
		online[filedIn(t, drafts, order, false)] = true
	}
	if len(settled) != 1 {
		t.Errorf("the stories are %v", settled)
	}
	if len(online) < 2 {
		t.Error("the order made no difference anyway: the articles are too easy")
	}
}

// What an analyst has put somewhere stays there, whatever the cycle settles, and
// what was split isn't joined again.
func TestAnalystsWordStands(t *testing.T) {
	f := openFiler(t)
	st := f.Store
	copyOf := func(dr draft, n int) draft {
		dr.key = fmt.Sprint(dr.key, "-", n)
		dr.article.URL = dr.key
		return dr
	}
	drafts := drifting()
	one, two := f.alone(drafts[2]), f.alone(retold(drafts[2]))
	if one.Story != two.Story || two.Join.Relation != news.RelationSameEvent || two.Join.To != one.ID {
		t.Fatalf("%+v and %+v are apart", one.Join, two.Join)
	}
	act := news.StoryAct{By: "aigul", At: noon}
	part, err := SplitStory(t.Context(), st, one.Story, []int64{two.ID}, act)
	if err != nil {
		t.Fatal(err)
	}
	again := f.alone(copyOf(drafts[2], 1))         // which joins the one
	third := f.alone(copyOf(retold(drafts[2]), 1)) // which joins the other, and is like both
	for id, want := range map[int64]int64{one.ID: one.Story, two.ID: part, again.ID: one.Story} {
		if a, err := st.Article(t.Context(), id); err != nil || a.Story != want {
			t.Errorf("article %d is in story %d, want %d (%v)", id, a.Story, want, err)
		}
	}
	if third.Story != part {
		t.Errorf("a copy of what was split joined story %d, want %d", third.Story, part)
	}
	if err := MergeStories(t.Context(), st, part, []int64{one.Story}, act); err != nil {
		t.Fatal(err)
	}
	v, err := ReadStory(t.Context(), st, one.Story)
	if err != nil || v.Story.ID != part || len(v.Reports) != 4 || len(v.Acts) != 2 || v.TitleOf != one.ID {
		t.Errorf("%+v, %v", v, err)
	}
	if slices.ContainsFunc(v.Reports, func(a news.Article) bool { return !a.Join.Pinned }) {
		t.Error("what was merged by hand isn't pinned")
	}
}

// A late copy of an old text joins it, but draws no news to it.
func TestLateCopyDrawsNothing(t *testing.T) {
	f := openFiler(t)
	var stories []int64
	told := drifting()[2]
	for i, x := range []struct {
		draft draft
		after time.Duration
	}{{told, 0}, {told, 30 * 24 * time.Hour}, {retold(told), 30 * 24 * time.Hour}} {
		f.now = noon.Add(x.after)
		dr := x.draft
		dr.key = fmt.Sprint(i)
		dr.article.URL, dr.article.Seen, dr.article.Published = dr.key, f.now, f.now
		stories = append(stories, f.alone(dr).Story)
	}
	if stories[1] != stories[0] || stories[2] == stories[0] {
		t.Errorf("stories %v: want the copy with the first, and the report of its event apart", stories)
	}
}

// A look at a page that began before a poll revised its article leaves the
// revision as it is, whether the page says something else or not.
func TestLookLeavesWhatAPollRevised(t *testing.T) {
	f := openFiler(t)
	f.cycle(func(d *desk) {
		all := drifting()
		seen := f.file(d, all[0])
		polled := all[1]
		polled.article.URL = all[0].article.URL
		revised := f.file(d, polled)
		if revised.Revision != 2 {
			t.Fatalf("revision %d after the poll, want 2", revised.Revision)
		}
		look := store.Look{Article: seen.ID, Flagged: noon}
		unchanged := draft{article: seen, look: &look, sight: &sight{}}
		rewritten := unchanged
		rewritten.article.Text, rewritten.sketch = all[2].article.Text, all[2].sketch
		for name, dr := range map[string]draft{"as it was": unchanged, "rewritten": rewritten} {
			if got := f.file(d, dr); got.Revision != 2 || got.Text != polled.article.Text {
				t.Errorf("%s: revision %d, %q; want what the poll found", name, got.Revision, got.Text)
			}
		}
		rewritten.article.Revision = revised.Revision
		if got := f.file(d, rewritten); got.Revision != 3 || got.Text != rewritten.article.Text {
			t.Errorf("revision %d, %q after a look at the latest; want what the page says", got.Revision, got.Text)
		}
	})
}

// What a look found that began before a poll saw the same page is no change of the page:
// the poll's sight is the later one.
func TestLookThatAPollOvertook(t *testing.T) {
	f := openFiler(t)
	said := func(title string, after time.Duration) news.Version {
		return news.Version{Title: title, Text: sentence(1), Seen: noon.Add(after)}
	}
	polled := drifting()[0]
	var a news.Article
	var ended store.Look
	f.cycle(func(d *desk) {
		a = f.file(d, polled)
		begun := store.Look{Article: a.ID, Flagged: noon, Due: noon, Said: said("At first", 0)}
		if err := f.Store.Update(t.Context(), func(tx store.Tx) error { return tx.PutLook(begun) }); err != nil {
			t.Fatal(err)
		}
		polled.sight = &sight{said: said("Later", time.Hour)}
		f.file(d, polled)
		ended = begun
		ended.Due = noon.Add(24 * time.Hour)
		f.file(d, draft{article: a, look: &ended, sight: &sight{said: said("At first", time.Minute)}})
	})
	changes, err := f.Store.PageChanges(t.Context(), a.ID)
	if err != nil || len(changes) != 1 || changes[0].To != "Later" {
		t.Errorf("changes %+v, %v; want the one that the poll saw", changes, err)
	}
	due, err := f.Store.LooksDue(t.Context(), ended.Due, 9)
	if err != nil || len(due) != 1 || due[0].Said.Title != "Later" || !due[0].Due.Equal(ended.Due) {
		t.Errorf("looked at next: %+v, %v", due, err)
	}
}

// Only what is flagged is found by its event; the rest by its text alone.
func TestOnlyTheFlaggedIsFoundByItsEvent(t *testing.T) {
	engine, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		title, body string
		flagged     bool
	}{
		{"Kyrgyzstan cancels CSTO exercise Granite Ridge in Talas", "The cabinet in Bishkek took the decision. Eight hundred soldiers were expected at the range.", true},
		{"Rain floods the Granite Ridge road in Talas", "Water stood on the road near the range. Eight hundred lambs were brought to safety.", false},
	} {
		p, d := &poll{w: &Watch{}}, &draft{}
		if err := p.judge(engine, nil, d, news.Article{Title: c.title, Text: c.body, Lang: "en", Seen: noon}); err != nil {
			t.Fatal(err)
		}
		got := Print(d.sketch)
		if len(d.hits) > 0 != c.flagged || len(got.Events) > 0 != c.flagged || len(got.Keys) == 0 {
			t.Errorf("%s: %d hits, found by %d terms and %d keys", c.title, len(d.hits), len(got.Events), len(got.Keys))
		}
		if len(Signals(d.hits)) > 0 != c.flagged {
			t.Errorf("%s: signals %v", c.title, Signals(d.hits))
		}
	}
}
