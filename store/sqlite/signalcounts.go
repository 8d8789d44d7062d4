package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// signalIndex holds the hits of the last weeks as the record of the signals counts
// them. A page counts them each time, which takes longer in SQL than a page may;
// those of stories that changed are read anew before each answer, as inboxIndex has
// it.
type signalIndex struct {
	mu    sync.Mutex
	seq   int64  // up to which the changes were read
	since string // the stamp from which on hits are held; "": nothing was read yet
	hits  map[int64][]signalHit
}

// signalHit is a hit, by story.
type signalHit struct {
	theme, signal, lang string
	found               string
	week                time.Time
	says                news.Judgement // of the verdict that stands; "": none does
}

// SignalCounts implements store.Record.
func (d *DB) SignalCounts(ctx context.Context, since time.Time) ([]store.SignalCount, error) {
	x := &d.signals
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := d.refreshSignals(ctx, since); err != nil {
		return nil, d.read("add up the hits of the signals", err)
	}
	return x.count(stamp(since)), nil
}

// refreshSignals reads what has changed, or all, where nothing is held from so early
// on.
func (d *DB) refreshSignals(ctx context.Context, since time.Time) error {
	x := &d.signals
	if x.hits == nil || stamp(since) < x.since {
		return d.readSignals(ctx, since)
	}
	stories, seq, err := d.storyChanges(ctx, x.seq)
	if err != nil || len(stories) == 0 {
		return err
	}
	fresh, err := d.signalHits(ctx, ` FROM json_each(?) w JOIN articles a ON a.story = w.value JOIN hits h ON h.article = a.id`, integers(stories), x.since)
	if err != nil {
		return err
	}
	for _, id := range stories {
		delete(x.hits, id)
	}
	for id, hits := range fresh {
		x.hits[id] = hits
	}
	x.seq = seq
	return nil
}

// readSignals reads all hits from a time on. What changes meanwhile is read again
// the next time, since the changes are looked up first.
func (d *DB) readSignals(ctx context.Context, since time.Time) error {
	_, seq, err := d.storyChanges(ctx, -1)
	if err != nil {
		return err
	}
	from := stamp(since)
	hits, err := d.signalHits(ctx, ` FROM (SELECT ?) CROSS JOIN hits h JOIN articles a ON a.id = h.article`, nil, from)
	if err != nil {
		return err
	}
	d.signals.hits, d.signals.seq, d.signals.since = hits, seq, from
	return nil
}

// signalHits reads hits found at or after a stamp, by story.
func (d *DB) signalHits(ctx context.Context, of string, which any, since string) (map[int64][]signalHit, error) {
	out, words, weeks := map[int64][]signalHit{}, map[string]string{}, map[string]time.Time{}
	one := func(s *string) {
		known, ok := words[*s]
		if !ok {
			words[*s], known = *s, *s
		}
		*s = known
	}
	err := each(ctx, d.reader, `SELECT a.story, h.theme, h.signal, a.lang, h.found, coalesce(v.says, '')`+of+lastVerdict+` WHERE h.found >= ?`, []any{which, since},
		func(r *sql.Rows) error {
			var story int64
			var h signalHit
			if err := r.Scan(&story, &h.theme, &h.signal, &h.lang, &h.found, &h.says); err != nil {
				return err
			}
			one(&h.theme)
			one(&h.signal)
			one(&h.lang)
			var err error
			h.week, err = mondayOf(weeks, h.found)
			out[story] = append(out[story], h)
			return err
		})
	return out, err
}

// mondayOf is the Monday of the week of a stamp, remembered by the day.
func mondayOf(known map[string]time.Time, found string) (time.Time, error) {
	day := found[:min(len(found), len(time.DateOnly))]
	if monday, ok := known[day]; ok {
		return monday, nil
	}
	at, err := time.Parse(time.DateOnly, day)
	monday := at.AddDate(0, 0, -(int(at.Weekday())+6)%7)
	known[day] = monday
	return monday, err
}

// count adds up the hits found at or after a stamp.
func (x *signalIndex) count(since string) []store.SignalCount {
	type group struct {
		theme, signal, lang string
		week                time.Time
	}
	type sum struct {
		store.SignalCount
		last string
	}
	sums := map[group]*sum{}
	for _, hits := range x.hits {
		for _, h := range hits {
			if h.found < since {
				continue
			}
			g := group{h.theme, h.signal, h.lang, h.week}
			s := sums[g]
			if s == nil {
				s = &sum{SignalCount: store.SignalCount{Theme: news.Theme(h.theme), Signal: h.signal, Language: h.lang, Week: h.week}}
				sums[g] = s
			}
			s.Hits++
			s.last = max(s.last, h.found)
			switch h.says {
			case news.Relevant:
				s.Relevant++
			case news.Irrelevant:
				s.Irrelevant++
			case news.Unsure:
				s.Unsure++
			}
		}
	}
	var out []store.SignalCount
	for _, s := range sums {
		s.Last, _ = time.Parse(layout, s.last) // it was read by its day
		out = append(out, s.SignalCount)
	}
	slices.SortFunc(out, func(a, b store.SignalCount) int {
		return cmp.Or(strings.Compare(string(a.Theme), string(b.Theme)), strings.Compare(a.Signal, b.Signal), strings.Compare(a.Language, b.Language), a.Week.Compare(b.Week))
	})
	return out
}
