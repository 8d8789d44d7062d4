package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
)

// spelledMost is how many words are looked for in the place of beginnings. Each costs
// a look into each part of the index, and where there are thousands FTS5 is as quick
// to gather them itself.
const spelledMost = 5000

// spell puts the words of the index in the place of what they begin with. FTS5 gathers
// all articles of all words that begin so before it gives the first one; those of whole
// words it reads from the latest one on, as far as they are asked for.
func (d *DB) spell(ctx context.Context, a *asked) error {
	var begin []string
	for _, c := range slices.Concat(a.must, a.never) {
		for _, r := range c.any {
			if r.isBeginning() {
				begin = append(begin, r.keys)
			}
		}
	}
	if len(begin) == 0 {
		return nil
	}
	words, err := d.wordsThatBegin(ctx, begin)
	if err != nil {
		return err
	}
	for _, all := range [][]clause{a.must, a.never} {
		for i := range all {
			all[i].any = spelled(all[i].any, words)
		}
	}
	return nil
}

// isBeginning reports whether a run is the beginning of one word.
func (r run) isBeginning() bool { return r.begins && !strings.ContainsFunc(r.keys, parts) }

// wordsThatBegin gives the words by each beginning, without those that too many words
// begin with.
func (d *DB) wordsThatBegin(ctx context.Context, begin []string) (map[string][]string, error) {
	out := map[string][]string{}
	left := spelledMost
	err := each(ctx, d.reader, `SELECT b.value, (SELECT json_group_array(word) FROM
		(SELECT word FROM words WHERE word >= b.value AND word < b.value || char(1114111) LIMIT ?2)) FROM json_each(?1) b`,
		[]any{list(begin).column(), spelledMost + 1}, func(r *sql.Rows) error {
			var of string
			var words []string
			err := r.Scan(&of, jsonInto{&words})
			if len(words) <= left {
				out[of] = words
				left -= len(words)
			}
			return err
		})
	return out, err
}

// spelled are runs with words in the place of beginnings.
func spelled(all []run, words map[string][]string) []run {
	var out []run
	for _, r := range all {
		of, ok := words[r.keys]
		if !ok || !r.isBeginning() {
			out = append(out, r)
			continue
		}
		for _, w := range of {
			out = append(out, run{keys: w})
		}
	}
	if len(out) == 0 {
		return all // they find nothing
	}
	return out
}

// putWords notes keys as words of the index.
func putWords(t *sql.Conn, keys []string) error {
	var words []string
	for _, k := range keys {
		words = slices.AppendSeq(words, strings.FieldsFuncSeq(k, parts))
	}
	slices.Sort(words)
	doc, err := json.Marshal(slices.Compact(words))
	if err == nil {
		_, err = t.ExecContext(inside, `INSERT OR IGNORE INTO words SELECT value FROM json_each(?)`, string(doc))
	}
	return err
}

// parts reports whether the index's tokenizer takes keys apart at a character.
func parts(r rune) bool {
	return r < 0x80 && !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_:.", r))
}
