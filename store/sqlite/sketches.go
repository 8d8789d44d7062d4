package sqlite

import (
	"bytes"
	"cmp"
	"database/sql"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"driftwatch/store"
)

// TextCandidates implements store.Tx.
func (x *tx) TextCandidates(keys []uint64, from, to time.Time) ([]store.Candidate, error) {
	shared, err := x.sharing(keys)
	if err != nil || len(shared) == 0 {
		return nil, x.failed("look for stories", err)
	}
	revisions := byShared(shared)
	var out []store.Candidate
	for len(revisions) > 0 && len(out) < store.MaxCandidates {
		n := min(len(revisions), 2*store.MaxCandidates)
		some, err := x.candidates(revisions[:n], shared, from, to)
		if err != nil {
			return nil, x.failed("read the sketches of stories", err)
		}
		out, revisions = append(out, some...), revisions[n:]
	}
	return out[:min(len(out), store.MaxCandidates)], nil
}

// byShared orders revisions by how many keys they share, then by age.
func byShared(shared map[int64]int) []int64 {
	out := make([]int64, 0, len(shared))
	for r := range shared {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b int64) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(a, b))
	})
	return out
}

// candidates reads the sketches of those of some revisions that were published
// in [from, to], in the order given.
func (x *tx) candidates(revisions []int64, shared map[int64]int, from, to time.Time) ([]store.Candidate, error) {
	if slices.ContainsFunc(revisions, x.waits.holds) {
		if err := x.flush(); err != nil {
			return nil, err
		}
	}
	return collect(x.ctx, x.t, `SELECT s.revision, s.article, a.story, s.sketch, s.at FROM json_each(?) j
		JOIN sketches s ON s.revision = j.value JOIN articles a ON a.id = s.article
		WHERE s.at >= ? AND s.at <= ? ORDER BY j.key`, []any{integers(revisions), stamp(from), lastStamp(to)},
		func(rows *sql.Rows) (store.Candidate, error) {
			var c store.Candidate
			var id int64
			err := rows.Scan(&id, &c.Article, &c.Story, &c.Sketch, when{&c.At})
			c.Shared = shared[id]
			return c, err
		})
}

// lastStamp is the stamp of the end of a window; that of one without an end comes
// after all.
func lastStamp(t time.Time) string { return cmp.Or(stamp(t), "9999-12-31T23:59:59.999Z") }

// latestOfEvent is how many of those that share a term are looked at.
const latestOfEvent = 40

// sharingEvent gives, for as many terms as an article can have, the latest
// revisions with each, as a list of revision * 256 + weight; NULL where none has
// it. One row a term is much less to hand over than one a revision.
var sharingEvent = repeat(fmt.Sprintf(`SELECT group_concat(p, ' ') FROM
	(SELECT revision * 256 + weight AS p FROM event_keys WHERE key = ? ORDER BY revision DESC LIMIT %d)`, latestOfEvent), " UNION ALL ", store.MaxEvents)

// EventCandidates implements store.Tx.
func (x *tx) EventCandidates(keys []store.EventKey, least int, from, to time.Time) ([]store.Candidate, error) {
	shared, err := x.sharingEvents(keys[:min(len(keys), store.MaxEvents)])
	if err != nil || len(shared) == 0 {
		return nil, x.failed("look for stories of one event", err)
	}
	maps.DeleteFunc(shared, func(_ int64, weight int) bool { return weight < least })
	revisions := byShared(shared)
	if len(revisions) == 0 {
		return nil, nil
	}
	out, err := x.candidates(revisions[:min(len(revisions), store.MaxCandidates+12)], shared, from, to)
	return out[:min(len(out), store.MaxCandidates)], x.failed("read the sketches of stories", err)
}

// sharingEvents adds up, for each revision with one of the terms, the products of
// the weights. A term that more have than are looked at finds nothing by itself,
// where others do: it only counts for what these have found.
func (x *tx) sharingEvents(keys []store.EventKey) (map[int64]int, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	args := make([]any, store.MaxEvents)
	for i, k := range keys {
		args[i] = int64(k.Key)
	}
	lists, err := collect(x.ctx, x, sharingEvent, args, func(rows *sql.Rows) (list []byte, err error) {
		return list, rows.Scan(&list)
	})
	if err != nil {
		return nil, err
	}
	shared := make(map[int64]int, 4*latestOfEvent)
	for _, crowded := range []bool{false, true} {
		alone := len(shared) == 0
		for i, k := range keys {
			if (bytes.Count(lists[i], []byte{' '}) == latestOfEvent-1) != crowded {
				continue
			}
			for p := range numbers(lists[i]) {
				if _, known := shared[p>>8]; known || !crowded || alone {
					shared[p>>8] += int(k.Weight) * int(p&255)
				}
			}
		}
	}
	return shared, nil
}

// numbers reads a list of numbers with spaces between them.
func numbers(list []byte) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		n := int64(0)
		for i, c := range list {
			if c != ' ' {
				n = 10*n + int64(c-'0')
			}
			if c == ' ' || i == len(list)-1 {
				if !yield(n) {
					return
				}
				n = 0
			}
		}
	}
}

// LatestOf implements store.Tx.
func (x *tx) LatestOf(story int64, n int) ([]store.Candidate, error) {
	out, err := collect(x.ctx, x, `SELECT a.id, a.story, s.sketch, s.at, a.pinned FROM articles a
		JOIN revisions r ON r.article = a.id AND r.revision = a.revision JOIN sketches s ON s.revision = r.id
		WHERE a.story = (`+standing+`) ORDER BY a.id DESC LIMIT ?`, []any{story, n},
		func(rows *sql.Rows) (c store.Candidate, err error) {
			return c, rows.Scan(&c.Article, &c.Story, &c.Sketch, when{&c.At}, &c.Pinned)
		})
	return out, x.failed(fmt.Sprintf("read the latest articles of story %d", story), err)
}

// writePrints writes what revisions are compared with, and the keys to find them by.
func (x *tx) writePrints(of []filedRevision) error {
	for i := range of {
		if err := x.writeEvents(of[i].id, of[i].print.Events); err != nil {
			return err
		}
	}
	of = slices.DeleteFunc(of, func(r filedRevision) bool { return len(r.print.Bytes)+len(r.print.Keys) == 0 })
	if err := inserted(x, intoSketches, of, func(args []any, r *filedRevision) []any {
		return append(args, r.id, r.article.ID, stamp(r.article.When()), append([]byte{}, r.print.Bytes...))
	}); err != nil {
		return err
	}
	of = slices.DeleteFunc(of, func(r filedRevision) bool { return len(r.print.Keys) == 0 })
	return inserted(x, intoLateKeys, of, func(args []any, r *filedRevision) []any { return append(args, r.id, keyRow(r.print.Keys)) })
}

var (
	intoSketches = into(`INSERT INTO sketches (revision, article, at, sketch)`, `(?, ?, ?, ?)`, ``)
	intoLateKeys = into(`INSERT OR REPLACE INTO late_keys (revision, keys)`, `(?, ?)`, ``)
)

func (x *tx) writeEvents(revision int64, events []store.EventKey) error {
	if len(events) == 0 {
		return nil
	}
	args := x.waits.args[:0]
	for _, k := range events {
		args = append(args, int64(k.Key), revision, int64(k.Weight))
	}
	x.waits.args = args
	return x.do(insertEvents[len(events)], args)
}

// insertEvents are the statements that insert as many keys as their index says.
var insertEvents = func() (out [store.MaxEvents + 1]string) {
	for n := range out {
		out[n] = `INSERT OR IGNORE INTO event_keys (key, revision, weight) VALUES ` + repeat("(?, ?, ?)", ", ", n)
	}
	return out
}()

// perKeyCount makes a statement for each possible number of keys.
func perKeyCount(statement func(n int) string) (out [store.MaxKeys + 1]string) {
	for n := 1; n <= store.MaxKeys; n++ {
		out[n] = statement(n)
	}
	return out
}

// repeat writes s n times, with sep between.
func repeat(s, sep string, n int) string {
	return strings.TrimSuffix(strings.Repeat(s+sep, n), sep)
}

// numbered writes a format for each number from 1 to n, with sep between.
func numbered(format, sep string, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(format, i+1)
	}
	return strings.Join(all, sep)
}
