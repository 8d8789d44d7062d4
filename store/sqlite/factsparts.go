package sqlite

import (
	"bytes"
	"compress/flate"
	"context"
	"database/sql"
	"encoding/binary"
	"io"
	"maps"
	"slices"
	"sync"
)

// storiesInPart is the stories of how many numbers are kept in a row, of which those
// with hits are few: enough to be packed well, and few enough to be written anew where
// one of them changes.
const storiesInPart = 1024

// factsForm is what a row of kept facts begins with. It is another one whenever they
// are written in another way, or something else is counted: those of before are then
// gathered anew.
const factsForm = 1

// keptFacts are the facts of a story as they are kept.
type keptFacts struct {
	story, seq int64 // seq: that of the change after which they were gathered, at the earliest
	facts      []byte
}

// partsOf are the rows in which stories are kept, in order.
func partsOf(stories []int64) []int64 {
	var out []int64
	for _, id := range stories {
		out = append(out, id/storiesInPart)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// keptParts reads rows of kept facts, one after the other; a row that isn't whole, or of
// another form, is as good as none.
func (d *DB) keptParts(ctx context.Context, parts []int64, take func(part int64, all []keptFacts)) error {
	unpack := flate.NewReader(nil)
	var plain bytes.Buffer
	return each(ctx, d.reader, `SELECT k.part, k.facts FROM json_each(?) w JOIN story_facts k ON k.part = w.value`, []any{integers(parts)}, func(r *sql.Rows) error {
		var part int64
		var packed sql.RawBytes
		if err := r.Scan(&part, &packed); err != nil {
			return err
		}
		if len(packed) == 0 || packed[0] != factsForm {
			return nil
		}
		plain.Reset()
		if err := unpack.(flate.Resetter).Reset(bytes.NewReader(packed[1:]), nil); err != nil {
			return err
		}
		if _, err := io.Copy(&plain, unpack); err == nil {
			take(part, partFacts(plain.Bytes()))
		}
		return nil
	})
}

// partFacts takes a row apart.
func partFacts(plain []byte) (out []keptFacts) {
	r := factsReader{left: plain}
	for len(r.left) > 0 {
		k := keptFacts{story: r.number(), seq: r.number()}
		n := r.count()
		k.facts, r.left = r.left[:n], r.left[n:]
		if r.short {
			return nil
		}
		out = append(out, k)
	}
	return out
}

// packed is a row of the facts of stories.
func packed(all []keptFacts) ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte(factsForm)
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	var line []byte
	for _, k := range all {
		line = binary.AppendVarint(binary.AppendVarint(line[:0], k.story), k.seq)
		line = append(binary.AppendVarint(line, int64(len(k.facts))), k.facts...)
		if _, err := w.Write(line); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return out.Bytes(), err
}

// factsKept is how far the facts of stories are kept.
type factsKept struct {
	mu    sync.Mutex
	seq   int64 // up to this change of those that are kept
	whole bool  // all stories were looked at since the store was opened
	story int64 // else up to this one
	now   int64 // and the last change as that began
}

// KeepFacts implements store.Desk.
func (d *DB) KeepFacts(ctx context.Context, n int) (left bool, err error) {
	x := &d.factsKept
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.whole {
		left, err = d.keepChanged(ctx, n)
	} else {
		left, err = d.keepNext(ctx, n)
	}
	return left, d.read("keep what is counted of stories", err)
}

// keepNext keeps the facts of the next stories, those of whole rows.
func (d *DB) keepNext(ctx context.Context, n int) (left bool, err error) {
	x := &d.factsKept
	if x.story == 0 {
		if _, x.now, err = d.storyChanges(ctx, -1); err != nil {
			return false, err
		}
	}
	seqs := map[int64]int64{}
	next := x.story
	err = each(ctx, d.reader, `SELECT story, seq FROM story_changes WHERE story > ?1 AND story < coalesce((SELECT story FROM story_changes WHERE story > ?1 ORDER BY story LIMIT 1 OFFSET ?2) / ?3 * ?3 + ?3, 1 << 62)`,
		[]any{x.story, n, storiesInPart}, func(r *sql.Rows) error {
			var story, seq int64
			err := r.Scan(&story, &seq)
			seqs[story], next = seq, max(next, story)
			return err
		})
	if err != nil {
		return false, err
	}
	if err := d.keep(ctx, seqs); err != nil {
		return false, err
	}
	if x.story = next; len(seqs) < n {
		x.whole, x.seq = true, x.now
	}
	return true, nil
}

// keepChanged keeps the facts of stories that changed.
func (d *DB) keepChanged(ctx context.Context, n int) (left bool, err error) {
	seqs := map[int64]int64{}
	last := d.factsKept.seq
	err = each(ctx, d.reader, `SELECT story, seq FROM story_changes WHERE seq > ? ORDER BY seq LIMIT ?`, []any{last, n}, func(r *sql.Rows) error {
		var story int64
		err := r.Scan(&story, &last)
		seqs[story] = last
		return err
	})
	if err == nil {
		err = d.keep(ctx, seqs)
	}
	if err == nil {
		d.factsKept.seq = last
	}
	return len(seqs) == n, err
}

// keep writes the facts of stories that aren't kept as of their last change. What
// changes while they are gathered has a later number.
func (d *DB) keep(ctx context.Context, changed map[int64]int64) error {
	seqs := maps.Clone(changed)
	stories := slices.Sorted(maps.Keys(seqs))
	parts := map[int64][]keptFacts{}
	err := d.keptParts(ctx, partsOf(stories), func(part int64, all []keptFacts) {
		for _, k := range all {
			k.facts = slices.Clone(k.facts)
			parts[part] = append(parts[part], k)
			if seqs[k.story] == k.seq {
				delete(seqs, k.story)
			}
		}
	})
	if err != nil || len(seqs) == 0 {
		return err
	}
	stale := slices.Sorted(maps.Keys(seqs))
	facts := make(map[int64]*storyFacts, len(stale))
	if err := d.gatherFacts(ctx, stale, spellings{}, facts); err != nil {
		return err
	}
	rows := map[int64][]byte{}
	for _, part := range partsOf(stale) {
		all := slices.DeleteFunc(parts[part], func(k keptFacts) bool { _, again := seqs[k.story]; return again })
		for _, id := range stale {
			if id/storiesInPart == part {
				all = append(all, keptFacts{id, seqs[id], facts[id].bytes()})
			}
		}
		if rows[part], err = packed(all); err != nil {
			return err
		}
	}
	return d.take(ctx, false, func(t *sql.Conn) error {
		for _, part := range slices.Sorted(maps.Keys(rows)) {
			if _, err := t.ExecContext(inside, `INSERT OR REPLACE INTO story_facts (part, facts) VALUES (?, ?)`, part, rows[part]); err != nil {
				return err
			}
		}
		return nil
	})
}
