package sqlite

import (
	"context"
	"slices"
	"sync"
)

// soughtMost is how many searches of the inbox are kept, soughtChanged how many
// articles may have changed since one before it is made anew, and soughtOlder how many
// of them that it had gone through.
const (
	soughtMost    = 16
	soughtChanged = 20_000
	soughtOlder   = 16
)

// sought keeps the articles that were found last: who goes through pages of an inbox,
// filters it or has it updated asks for the same words each time. The zero value
// has none.
type sought struct {
	mu   sync.Mutex
	kept []*soughtSet // the latest used first
}

// soughtSet are the articles that match an expression.
type soughtSet struct {
	match string // as it was asked, with beginnings
	mark  int64  // all revisions up to this one were findable
	top   int64  // the latest article there was
	set   numberSet
}

func (s *sought) of(match string) *soughtSet {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.kept, func(k *soughtSet) bool { return k.match == match })
	if i < 0 {
		return nil
	}
	return s.kept[i]
}

func (s *sought) keep(k *soughtSet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = slices.DeleteFunc(s.kept, func(o *soughtSet) bool { return o.match == k.match })
	s.kept = slices.Insert(s.kept, 0, k)
	s.kept = s.kept[:min(len(s.kept), soughtMost)]
}

// seek gives the articles that match what is asked, as the index has them now. Of
// those found before, only what changed since is looked for again. The set is not to
// be changed.
func (d *DB) seek(ctx context.Context, a *asked) (numberSet, error) {
	k := &soughtSet{match: a.match()}
	// Asked for first: what is filed meanwhile is looked at once more.
	const marks = `SELECT CASE WHEN (SELECT count(*) FROM (SELECT 1 FROM unindexed LIMIT ?1)) = ?1 THEN 0 ELSE
		coalesce((SELECT min((SELECT max(id) FROM revisions WHERE article = u.article)) FROM unindexed u) - 1,
			(SELECT max(id) FROM revisions), 0) END, coalesce((SELECT max(id) FROM articles), 0)`
	if err := d.reader.QueryRowContext(ctx, marks, soughtChanged).Scan(&k.mark, &k.top); err != nil {
		return nil, err
	}
	if err := d.spell(ctx, a); err != nil { // with all words of what was findable then
		return nil, err
	}
	match := a.match()
	found, err := d.seekChanged(ctx, d.sought.of(k.match), match)
	if found == nil && err == nil {
		found, err = d.matches(ctx, match, "")
	}
	if err != nil {
		return nil, err
	}
	if k.set = found; k.mark > 0 {
		d.sought.keep(k)
	}
	return found, nil
}

// seekChanged brings up to date what was found before by what matches now; nil: it
// has to be found anew.
func (d *DB) seekChanged(ctx context.Context, k *soughtSet, match string) (numberSet, error) {
	if k == nil {
		return nil, nil
	}
	changed, err := collect(ctx, d.reader, `SELECT DISTINCT article FROM revisions WHERE id > ? LIMIT ?`, []any{k.mark, soughtChanged}, integer)
	if err != nil || len(changed) == soughtChanged {
		return nil, err
	}
	older := slices.DeleteFunc(changed, func(id int64) bool { return id > k.top }) // they are looked for by what they have now
	if len(older) > soughtOlder {
		return nil, nil
	}
	newer, err := d.matches(ctx, match, ` AND rowid > ?2`, k.top)
	if err != nil {
		return nil, err
	}
	set := slices.Clone(k.set)
	set.add(newer)
	if len(older) == 0 {
		return set, nil
	}
	for _, id := range older {
		set.drop(id)
	}
	again, err := d.matches(ctx, match, ` AND rowid IN (SELECT value FROM json_each(?2))`, integers(older))
	set.add(again)
	return set, err
}

// matches are the articles in the index that match an expression and a condition
// with its values from ?2 on.
func (d *DB) matches(ctx context.Context, match, condition string, of ...any) (numberSet, error) {
	var all string
	err := d.reader.QueryRowContext(ctx, `SELECT coalesce(group_concat(rowid, ' '), '') FROM found WHERE found MATCH ?1`+condition, slices.Concat([]any{match}, of)...).Scan(&all)
	if err != nil {
		return nil, err
	}
	set := numberSet{}
	id := int64(0)
	for i := 0; i <= len(all); i++ {
		if i < len(all) && all[i] != ' ' {
			id = 10*id + int64(all[i]-'0')
			continue
		}
		set.put(id)
		id = 0
	}
	return set, nil
}
