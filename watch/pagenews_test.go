package watch_test

import (
	"slices"
	"testing"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
)

// listened has the outlet's stories told on a route with a channel of each manner.
func (r *room) listened() map[configs.Manner]*desk {
	out := map[configs.Manner]*desk{}
	route := configs.Route{Name: "all"}
	r.watch.Manners = map[string]configs.Manner{}
	for _, m := range []configs.Manner{configs.MannerEdits, configs.MannerEvents, configs.MannerMessages} {
		out[m] = &desk{}
		r.watch.Channels[string(m)], r.watch.Manners[string(m)] = out[m], m
		route.To = append(route.To, string(m))
	}
	r.watch.Router = alert.NewRouter([]configs.Route{route}, nil)
	return out
}

// ofPages are the kinds of what a channel's message says of pages.
func ofPages(a news.Alert) (out []news.ChangeKind) {
	for _, c := range a.Changes {
		switch c.Kind {
		case news.ChangeEdited, news.ChangeTitle, news.ChangeTakenDown, news.ChangeRestored:
			out = append(out, c.Kind)
		}
	}
	return out
}

// What an outlet does to a flagged page is told once to the routes that had the
// story: at once where something is taken away, in the digest otherwise on a
// channel that can only send messages.
func TestWhatBecomesOfAPageIsTold(t *testing.T) {
	rewritten := append([]string{"Kyrgyzstan has moved the CSTO exercise that was to begin on Thursday to spring, the defence ministry said."}, story[1:]...)
	for _, c := range []struct {
		name    string
		change  func(o *paper)
		kinds   []news.ChangeKind
		message bool
	}{
		{"the evidence is cut", func(o *paper) { o.title, o.text = titles[1], story[1:] }, []news.ChangeKind{news.ChangeTitle, news.ChangeEdited}, true},
		{"the evidence is rewritten", func(o *paper) { o.text = rewritten }, []news.ChangeKind{news.ChangeEdited}, false},
		{"the page is gone", func(o *paper) { o.status = 404 }, []news.ChangeKind{news.ChangeTakenDown}, true},
		{"another title", func(o *paper) { o.title = titles[0] + ", ministry says" }, []news.ChangeKind{news.ChangeTitle}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := openOutlet(t, &paper{})
			heard := r.listened()
			r.watch.Digests = []configs.Digest{{Name: "d", Match: configs.Match{MinLevel: 1, MaxLevel: 5}, To: []string{string(configs.MannerMessages)}, Schedule: configs.Schedule{Every: "hourly", Timezone: configs.ZoneAt(time.UTC)}}}
			r.after(time.Minute)
			r.after(59 * time.Minute) // a digest has the story
			r.change(c.change)
			r.after(2 * time.Minute)
			r.after(5 * time.Hour) // another look, at a page that is as it was
			for manner, ch := range heard {
				want := 2
				if manner == configs.MannerMessages && !c.message {
					want = 1
				}
				if len(ch.got) != want {
					t.Errorf("%s got %d messages, want %d", manner, len(ch.got), want)
					continue
				}
				if want == 2 && (!slices.Equal(ofPages(ch.got[1]), c.kinds) || ch.got[1].First == nil) {
					t.Errorf("%s heard %v of the page, want %v", manner, ofPages(ch.got[1]), c.kinds)
				}
			}
			var inDigests []news.ChangeKind
			for _, d := range heard[configs.MannerMessages].digests {
				for _, i := range d.Items {
					inDigests = append(inDigests, ofPages(news.Alert{Changes: i.Changes})...)
				}
			}
			if !slices.Equal(inDigests, c.kinds) {
				t.Errorf("the digests had %v, want %v", inDigests, c.kinds)
			}
		})
	}
}

// Where no digest has all that a route leads to a channel, nothing would tell of
// what becomes of its pages but a message.
func TestWithoutADigestWhatBecomesOfAPageIsAMessage(t *testing.T) {
	hourly := configs.Schedule{Every: "hourly", Timezone: configs.ZoneAt(time.UTC)}
	to := []string{string(configs.MannerMessages)}
	every := configs.Match{MinLevel: 1, MaxLevel: 5}
	for name, digests := range map[string][]configs.Digest{
		"none":                    nil,
		"of another route":        {{Name: "d", Match: every, Route: "other", To: to, Schedule: hourly}},
		"of the strongest alone":  {{Name: "d", Match: configs.Match{MinLevel: 5, MaxLevel: 5}, To: to, Schedule: hourly}},
		"of themes, some of them": {{Name: "d", Match: configs.Match{Lists: configs.Lists{Themes: []string{"sanctions"}}, MinLevel: 1, MaxLevel: 5}, To: to, Schedule: hourly}},
		"to another channel":      {{Name: "d", Match: every, To: []string{string(configs.MannerEdits)}, Schedule: hourly}},
	} {
		t.Run(name, func(t *testing.T) {
			r := openOutlet(t, &paper{})
			heard := r.listened()[configs.MannerMessages]
			r.watch.Digests = digests
			r.after(time.Minute)
			r.change(func(o *paper) { o.title = titles[0] + ", ministry says" })
			r.after(time.Hour)
			r.after(5 * time.Hour)
			if len(heard.got) != 2 || !slices.Equal(ofPages(heard.got[1]), []news.ChangeKind{news.ChangeTitle}) || heard.got[1].First == nil {
				t.Errorf("it got %+v, want a second message of the title", heard.got)
			}
		})
	}
}

// A page that comes back is told too, as its end was.
func TestAPageThatIsBackIsTold(t *testing.T) {
	r := openOutlet(t, &paper{})
	heard := r.listened()
	r.after(time.Minute)
	r.change(func(o *paper) { o.status = 410 })
	r.after(time.Hour)
	r.change(func(o *paper) { o.status = 0 })
	r.after(5 * time.Hour)
	r.after(24 * time.Hour)
	for manner, ch := range heard {
		var said []news.ChangeKind
		for _, a := range ch.got {
			said = append(said, ofPages(a)...)
		}
		if !slices.Equal(said, []news.ChangeKind{news.ChangeTakenDown, news.ChangeRestored}) {
			t.Errorf("%s heard %v", manner, said)
		}
	}
}

// A route that was never told of a story hears nothing of its page; one whose
// message waits hears of it in that message.
func TestAPageIsGoneBeforeItIsTold(t *testing.T) {
	r := openOutlet(t, &paper{})
	r.watch.AlertFirstPoll = false
	heard := r.listened()
	r.after(time.Minute)
	r.change(func(o *paper) { o.status = 404 })
	r.after(time.Hour)
	if n := len(heard[configs.MannerMessages].got); n > 0 || len(r.changes()) != 1 {
		t.Errorf("%d messages of a story that was kept quiet", n)
	}

	r = openOutlet(t, &paper{})
	heard = r.listened()
	for _, ch := range heard {
		ch.down = &alert.RetryError{Problem: "away"}
	}
	r.after(time.Minute)
	r.change(func(o *paper) { o.status = 404 })
	r.after(time.Hour)
	for _, ch := range heard {
		ch.down = nil
	}
	r.after(4 * time.Hour)
	for manner, ch := range heard {
		if len(ch.got) != 1 || !slices.Equal(ofPages(ch.got[0]), []news.ChangeKind{news.ChangeTakenDown}) {
			t.Errorf("%s got %+v", manner, ch.got)
		}
	}
}
