package sqlite

import (
	"cmp"
	"database/sql"
	"encoding/binary"
	"fmt"
	"slices"

	"driftwatch/store"
)

// lateKeys are the keys of the latest revisions, as the table late_keys has them,
// where they can be looked up: a table of hashes with open addresses, in which the
// revisions of a key stand in the order in which they came. They belong to who has
// the turn to write. The zero value has read nothing.
//
// It may hold keys of revisions that are gone, which find nothing any more.
type lateKeys struct {
	known   bool  // it has what the table has
	version int64 // of the database, when that was so: other connections change it
	moved   bool  // story_keys has some
	sifted  bool  // the sieve has all that it has: it was empty before
	sieve   sieve
	slots   []lateKey
	n       int
}

type lateKey struct {
	key, revision int64 // revision 0: the slot is free
}

// How many keys are late before they are moved: as many as there are revisions,
// within bounds. Each move writes nearly every page of story_keys, so they should
// be more the larger that is; each takes 21 to 43 bytes of memory.
const (
	leastLate = 48 << 10
	mostLate  = 192 << 10
)

// leastSlots is how many slots there are at least; always a power of two.
const leastSlots = 1 << 10

func (l *lateKeys) clear() {
	l.n = 0
	if l.slots == nil {
		l.slots = make([]lateKey, leastSlots)
	}
	clear(l.slots)
}

// put adds keys of a revision.
func (l *lateKeys) put(revision int64, keys []int64) {
	if 4*(l.n+len(keys)) > 3*len(l.slots) {
		old := l.slots
		free := slices.IndexFunc(old, func(s lateKey) bool { return s.revision == 0 })
		l.slots = make([]lateKey, 2*len(old))
		for i := range old { // from a free slot on, so that those of a key stay in their order
			if s := old[(free+i)%len(old)]; s.revision != 0 {
				l.slots[l.end(s.key)] = s
			}
		}
	}
	for _, k := range keys {
		l.slots[l.end(k)] = lateKey{k, revision}
	}
	l.n += len(keys)
}

// at is where the search for a key begins.
func (l *lateKeys) at(key int64) int {
	return int(uint64(key) * 0x9e3779b97f4a7c15 >> 32 & uint64(len(l.slots)-1))
}

// end is the first free slot for a key.
func (l *lateKeys) end(key int64) int {
	i := l.at(key)
	for l.slots[i].revision != 0 {
		i = (i + 1) & (len(l.slots) - 1)
	}
	return i
}

// of appends the revisions of a key, the first first.
func (l *lateKeys) of(out []int64, key int64) []int64 {
	for i := l.at(key); l.slots[i].revision != 0; i = (i + 1) & (len(l.slots) - 1) {
		if l.slots[i].key == key {
			out = append(out, l.slots[i].revision)
		}
	}
	return out
}

// lateKeys gives the late keys, and reads them where that has to be done: at first,
// and after another connection has written.
func (x *tx) lateKeys() (*lateKeys, error) {
	l := x.late
	if x.sure {
		return l, nil
	}
	var version int64
	if err := x.row(`PRAGMA data_version`).Scan(&version); err != nil {
		return nil, err
	}
	if !l.known || l.version != version {
		l.sifted = l.sifted && l.version == version
		if err := x.readLate(l); err != nil {
			return nil, err
		}
		l.known, l.version = true, version
	}
	x.sure = true
	return l, nil
}

func (x *tx) readLate(l *lateKeys) error {
	l.known = false
	l.clear()
	if err := x.row(`SELECT EXISTS (SELECT 1 FROM story_keys)`).Scan(&l.moved); err != nil {
		return err
	}
	if !l.moved {
		l.sifted, l.sieve = true, sieve{}
	} else if !l.sifted {
		l.sieve = sieve{}
	}
	rows, err := x.QueryContext(x.ctx, `SELECT revision, keys FROM late_keys ORDER BY revision`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var keys []int64
	for rows.Next() {
		var revision int64
		var row sql.RawBytes
		if err := rows.Scan(&revision, &row); err != nil {
			return err
		}
		if len(row)%8 != 0 {
			return fmt.Errorf("the late keys of revision %d are cut off", revision)
		}
		keys = keys[:0]
		for ; len(row) > 0; row = row[8:] {
			keys = append(keys, int64(binary.LittleEndian.Uint64(row)))
		}
		l.put(revision, keys)
	}
	return rows.Err()
}

// mayBeMoved reports whether story_keys may have a key.
func (l *lateKeys) mayBeMoved(key int64) bool { return l.moved && (!l.sifted || l.sieve.may(key)) }

// addKeys makes a revision that was filed findable by its keys.
func (x *tx) addKeys(l *lateKeys, revision int64, keys []uint64) error {
	signed := make([]int64, 0, store.MaxKeys)
	for _, k := range keys {
		signed = append(signed, int64(k))
	}
	if l.put(revision, signed); int64(l.n) < min(max(leastLate, revision), mostLate) {
		return nil
	}
	return x.moveKeys(l)
}

// keyRow is how keys are stored in a row.
func keyRow(keys []uint64) []byte {
	row := make([]byte, 0, 8*len(keys))
	for _, k := range keys {
		row = binary.LittleEndian.AppendUint64(row, k)
	}
	return row
}

// distinct gives each of the first keys once.
func distinct(keys []uint64) []uint64 {
	out := make([]uint64, 0, store.MaxKeys)
	for _, k := range keys[:min(len(keys), store.MaxKeys)] {
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// movedAtOnce is how many keys a statement moves.
const movedAtOnce = 128

var (
	insertKeys    = `INSERT OR IGNORE INTO story_keys (key, revision) VALUES `
	insertOneKey  = insertKeys + `(?, ?)`
	insertAllKeys = insertKeys + repeat("(?, ?)", ", ", movedAtOnce)
)

// moveKeys moves the late keys to the others, in the order of these, so that each
// page is written once for many of them.
func (x *tx) moveKeys(l *lateKeys) error {
	if err := x.readLate(l); err != nil { // without those of revisions that are gone
		return err
	}
	all := slices.DeleteFunc(l.slots, func(k lateKey) bool { return k.revision == 0 })
	slices.SortFunc(all, func(a, b lateKey) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.revision, b.revision))
	})
	for i := 0; i < len(all) && l.sifted; i++ {
		l.sifted = l.sieve.put(all[i].key)
	}
	args := make([]any, 0, 2*movedAtOnce)
	for len(all) > 0 {
		n, insert := movedAtOnce, insertAllKeys
		if len(all) < movedAtOnce {
			n, insert = 1, insertOneKey
		}
		args = args[:0]
		for _, k := range all[:n] {
			args = append(args, k.key, k.revision)
		}
		if _, err := x.exec(insert, args...); err != nil {
			return err
		}
		all = all[n:]
	}
	if _, err := x.exec(`DELETE FROM late_keys`); err != nil {
		return err
	}
	l.clear()
	l.known, l.moved = true, true
	return nil
}

// A key may be shared by very many texts: latestOfKey is how many of them are
// looked at where all keys together have more than crowd.
const (
	latestOfKey = 64
	crowd       = 256
)

// movedAll and movedSome are the queries for the revisions of as many keys as their
// index says that aren't late: for all of them up to a limit, and for the latest of
// each key.
var (
	movedAll = perKeyCount(func(n int) string {
		// A list after IN would be sorted into a table of its own first.
		return numbered("SELECT key, revision FROM story_keys WHERE key = ?%d", " UNION ALL ", n) + fmt.Sprintf(" LIMIT ?%d", n+1)
	})
	movedSome = perKeyCount(func(n int) string {
		return numbered(fmt.Sprintf(`SELECT key, revision FROM (SELECT key, revision FROM story_keys WHERE key = ?%%[1]d ORDER BY revision DESC LIMIT %d)`, latestOfKey), " UNION ALL ", n)
	})
)

// sharing counts, for each revision with one of the keys, how many it has.
func (x *tx) sharing(keys []uint64) (map[int64]int, error) {
	if keys = distinct(keys); len(keys) == 0 {
		return nil, nil
	}
	l, err := x.lateKeys()
	if err != nil {
		return nil, err
	}
	late := make([][]int64, len(keys))
	args := make([]any, 0, store.MaxKeys+1)
	n := 0
	for i, k := range keys {
		late[i] = l.of(nil, int64(k))
		n += len(late[i])
		if l.mayBeMoved(int64(k)) {
			args = append(args, int64(k))
		}
	}
	var moved []lateKey
	some := len(args)
	if some > 0 && n < crowd {
		moved, err = x.movedKeys(movedAll[some], append(args, crowd-n))
	}
	if err == nil && n+len(moved) >= crowd {
		if some > 0 {
			moved, err = x.movedKeys(movedSome[some], args)
		}
		for i := range late {
			late[i] = late[i][max(0, len(late[i])-latestOfKey):]
			moved = atMost(moved, int64(keys[i]), latestOfKey-len(late[i]))
		}
	}
	if err != nil || n+len(moved) == 0 {
		return nil, err
	}
	times := make(map[int64]int, n+len(moved))
	for _, of := range late {
		for _, r := range of {
			times[r]++
		}
	}
	for _, m := range moved {
		times[m.revision]++
	}
	return times, nil
}

// movedKeys reads keys that aren't late.
func (x *tx) movedKeys(query string, args []any) ([]lateKey, error) {
	return collect(x.ctx, x.t, query, args, func(r *sql.Rows) (k lateKey, err error) {
		return k, r.Scan(&k.key, &k.revision)
	})
}

// atMost keeps the first n of one of the keys, and all of the others.
func atMost(keys []lateKey, key int64, n int) []lateKey {
	return slices.DeleteFunc(keys, func(k lateKey) bool {
		if k.key != key {
			return false
		}
		n--
		return n < 0
	})
}
