package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"driftwatch/news"
	"driftwatch/text"
)

// indexed is an article as the index holds it.
type indexed struct {
	id                 int64
	revision           int
	title, body, about string
}

// IndexArticles implements store.Desk.
func (d *DB) IndexArticles(ctx context.Context, n int) (left bool, err error) {
	x := &d.keyer
	x.mu.Lock()
	defer x.mu.Unlock()
	batch, err := collect(ctx, d.reader, `SELECT a.id, a.revision, a.title, r.text, a.lang, a.source, substr(a.seen, 1, 7)
		FROM unindexed u JOIN articles a ON a.id = u.article JOIN revisions r ON r.article = a.id AND r.revision = a.revision
		ORDER BY u.article DESC LIMIT ?`, []any{n}, func(r *sql.Rows) (a indexed, err error) {
		var title, body, lang, source, month string
		if err := r.Scan(&a.id, &a.revision, &title, &body, &lang, &source, &month); err != nil {
			return a, err
		}
		x.reader.Read(&x.reading, title, body, lang)
		a.title, a.body = x.keys(&x.reading.Title), x.keys(&x.reading.Body)
		a.about = aboutLanguage + lang + " " + aboutOutlet + source + " " + aboutMonth + month
		return a, nil
	})
	// The index takes rows in ascending order: one that is lower than the row before
	// it makes FTS5 write out what it has gathered.
	slices.Reverse(batch)
	if err == nil && len(batch) > 0 {
		err = d.take(ctx, false, func(t *sql.Conn) error {
			if err := putWords(t, x.fresh); err != nil { // before FTS5 has gathered anything
				return err
			}
			return putIndexed(t, batch)
		})
		if err == nil {
			x.fresh = nil
		}
	}
	return len(batch) == n, d.read("make articles searchable", err)
}

// What the words of the column about begin with.
const (
	aboutLanguage = "l:"
	aboutOutlet   = "o:"
	aboutMonth    = "m:"
)

// putIndexed writes a batch to the index, without those that have a new revision
// meanwhile. A row is put in by a statement of its own that takes its values as they
// are: one that could put in several, or writes to two tables, makes SQLite keep a
// savepoint, at which FTS5 writes out what it has gathered, here of one article each
// time.
func putIndexed(t *sql.Conn, batch []indexed) error {
	ids := make([]int64, len(batch))
	for i, x := range batch {
		ids[i] = x.id
	}
	now := map[int64]int{}
	err := each(inside, t, `SELECT a.id, a.revision FROM json_each(?) w JOIN articles a ON a.id = w.value`, []any{integers(ids)},
		func(r *sql.Rows) error {
			var id int64
			var revision int
			err := r.Scan(&id, &revision)
			now[id] = revision
			return err
		})
	if err != nil {
		return err
	}
	ids = ids[:0]
	for _, x := range batch {
		if now[x.id] != x.revision {
			continue
		}
		if _, err := t.ExecContext(inside, `INSERT OR REPLACE INTO found (rowid, title, body, about) VALUES (?, ?, ?, ?)`, x.id, x.title, x.body, x.about); err != nil {
			return err
		}
		ids = append(ids, x.id)
	}
	_, err = t.ExecContext(inside, `DELETE FROM unindexed WHERE article IN (SELECT value FROM json_each(?))`, integers(ids))
	return err
}

// keyer gives the keys of texts' words. To find a word's key takes far longer than
// to remember it, and few words make up most of what is written.
type keyer struct {
	mu      sync.Mutex
	reader  text.Reader
	reading text.Reading
	known   map[knownWord]string
	fresh   []string // keys that may not be among the words yet
	line    []byte
}

// knownWord is a word of which the key is known: the letters, and what decides how
// they are read.
type knownWord struct {
	hash  uint64
	flags text.Flags
	lang  string
}

// wordsKnown is how many words are remembered, some 100 bytes each.
const wordsKnown = 60_000

// keys are those of a field's words, each with a space behind it.
func (x *keyer) keys(f *text.Field) string {
	x.line = x.line[:0]
	for i := range f.Words {
		w := &f.Words[i]
		of := knownWord{w.Hash, w.Flags & (text.Cyrillic | text.Latin), f.LangAt(i, x.reading.Lang)}
		key, ok := x.known[of]
		if !ok {
			if x.known == nil || len(x.known) >= wordsKnown {
				x.known = make(map[knownWord]string, wordsKnown)
			}
			before := len(x.line)
			x.line = f.AppendKey(x.line, i, of.lang)
			key = string(x.line[before:])
			x.line = x.line[:before]
			x.fresh = append(x.fresh, key)
			of.lang = strings.Clone(of.lang)
			x.known[of] = key
		}
		if key != "" {
			x.line = append(append(x.line, key...), ' ')
		}
	}
	return string(x.line)
}

// Search implements store.Desk.
func (d *DB) Search(ctx context.Context, f news.SearchFilter) (news.Search, error) {
	out, err := d.search(ctx, f)
	return out, d.read("search the articles", err)
}

func (d *DB) search(ctx context.Context, f news.SearchFilter) (news.Search, error) {
	out := news.NewSearch()
	a := askFor(f)
	var err error
	if out.Waiting, out.Stored, err = d.backlog.count(ctx, d.reader); err != nil {
		return out, err
	}
	if err := d.spell(ctx, a); err != nil {
		return out, err
	}
	query, args := a.sql(f, news.SearchMost+1)
	if query == "" {
		return out, nil
	}
	ids, err := d.matching(ctx, query, args)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	if out.More = len(ids) > news.SearchMost; out.More {
		ids = ids[:news.SearchMost]
	}
	if err := d.count(ctx, ids, &out); err != nil {
		return out, err
	}
	if out.Articles, err = d.texts(ctx, cut(ids, f)); err == nil {
		a.keys.mark(out.Articles)
		err = d.addHits(ctx, out.Articles)
	}
	return out, err
}

// siftPart is how many articles are looked at at a time.
const siftPart = 50

// Sift implements store.Desk.
func (d *DB) Sift(ctx context.Context, f news.SearchFilter, sets [][]string, look func([]news.FoundArticle) (kept []news.FoundArticle, more bool)) (news.Search, error) {
	out, err := d.sift(ctx, f, sets, look)
	return out, d.read("search the articles", err)
}

func (d *DB) sift(ctx context.Context, f news.SearchFilter, sets [][]string, look func([]news.FoundArticle) (kept []news.FoundArticle, more bool)) (news.Search, error) {
	out := news.NewSearch()
	var err error
	if out.Waiting, out.Stored, err = d.backlog.count(ctx, d.reader); err != nil {
		return out, err
	}
	a := askFor(f)
	for _, set := range sets {
		a.hint(set)
	}
	if err := d.spell(ctx, a); err != nil {
		return out, err
	}
	query, args := a.sql(f, news.SiftMost+1)
	if query == "" { // any article may be one
		query, args = `SELECT id FROM articles ORDER BY id DESC LIMIT ?`, []any{news.SiftMost + 1}
	}
	ids, err := d.matching(ctx, query, args)
	if err != nil {
		return out, err
	}
	if out.More = len(ids) > news.SiftMost; out.More {
		ids = ids[:news.SiftMost]
	}
	var kept []news.FoundArticle
	for more := true; more && len(ids) > 0; {
		n := min(siftPart, len(ids))
		part, err := d.texts(ctx, ids[:n])
		if err != nil {
			return out, err
		}
		ids = ids[n:]
		var good []news.FoundArticle
		good, more = look(part)
		kept = append(kept, good...)
	}
	out.More = out.More || len(ids) > 0
	all := make([]int64, len(kept))
	for i := range kept {
		all[i] = kept[i].ID
	}
	if err := d.count(ctx, all, &out); err != nil {
		return out, err
	}
	out.Articles = cut(kept, f)
	return out, d.addHits(ctx, out.Articles)
}

// cut is the part of what was found that a filter asks for.
func cut[T any](found []T, f news.SearchFilter) []T {
	if f.Skip < 0 || f.Skip >= len(found) || f.Limit <= 0 {
		return nil
	}
	return found[f.Skip:min(len(found), f.Skip+f.Limit)]
}

// matching gives the articles that match, the latest first.
func (d *DB) matching(ctx context.Context, query string, args []any) (ids []int64, err error) {
	var all string
	err = d.reader.QueryRowContext(ctx, `SELECT json_group_array(id) FROM (`+query+`)`, args...).Scan(&all)
	if err == nil {
		err = json.Unmarshal([]byte(all), &ids)
	}
	return ids, err
}

// count counts what was found.
func (d *DB) count(ctx context.Context, ids []int64, out *news.Search) error {
	out.Total = len(ids)
	all := integers(ids)
	if err := d.countKinds(ctx, all, out); err != nil {
		return err
	}
	return d.countHits(ctx, all, out)
}

// countKinds counts articles by what they are.
func (d *DB) countKinds(ctx context.Context, ids string, out *news.Search) error {
	type kind struct {
		lang, source, month string
		n                   int
	}
	all, err := collect(ctx, d.reader, `SELECT a.lang, a.source, substr(a.seen, 1, 7), count(*) FROM json_each(?) w JOIN articles a ON a.id = w.value GROUP BY 1, 2, 3`,
		[]any{ids}, func(r *sql.Rows) (k kind, err error) { return k, r.Scan(&k.lang, &k.source, &k.month, &k.n) })
	for _, k := range all {
		out.Counts[news.SearchLanguage][k.lang] += k.n
		out.Counts[news.SearchOutlet][k.source] += k.n
		out.Counts[news.SearchMonth][k.month] += k.n
	}
	return err
}

// countHits counts articles by the countries and themes of their hits, each article
// once for each of them.
func (d *DB) countHits(ctx context.Context, ids string, out *news.Search) error {
	type kind struct {
		article          int64
		theme, countries string
	}
	hits, err := collect(ctx, d.reader, `SELECT DISTINCT h.article, h.theme, h.countries FROM json_each(?) w JOIN hits h ON h.article = w.value WHERE h.withdrawn = 0`,
		[]any{ids}, func(r *sql.Rows) (k kind, err error) { return k, r.Scan(&k.article, &k.theme, &k.countries) })
	type once struct {
		article int64
		facet   news.SearchFacet
		value   string
	}
	seen := map[once]bool{}
	count := func(o once) {
		if !seen[o] {
			seen[o] = true
			out.Counts[o.facet][o.value]++
		}
	}
	lists := map[string][]string{}
	for _, h := range hits {
		count(once{h.article, news.SearchTheme, h.theme})
		of, ok := lists[h.countries]
		if !ok && err == nil {
			err = jsonInto{&of}.Scan(h.countries)
			lists[h.countries] = of
		}
		for _, c := range of {
			count(once{h.article, news.SearchCountry, c})
		}
	}
	return err
}

// texts reads articles with their texts, the latest first.
func (d *DB) texts(ctx context.Context, ids []int64) ([]news.FoundArticle, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return collect(ctx, d.reader, `SELECT `+articleColumns+`, r.text FROM json_each(?) w JOIN articles a ON a.id = w.value
		JOIN revisions r ON r.article = a.id AND r.revision = a.revision ORDER BY a.id DESC`, []any{integers(ids)},
		func(r *sql.Rows) (x news.FoundArticle, err error) {
			return x, r.Scan(append(articleInto(&x.Article), &x.Text)...)
		})
}

// addHits reads the hits of the articles of a page.
func (d *DB) addHits(ctx context.Context, page []news.FoundArticle) error {
	if len(page) == 0 {
		return nil
	}
	ids, of := make([]int64, len(page)), make(map[int64]int, len(page))
	for i := range page {
		ids[i], of[page[i].ID] = page[i].ID, i
	}
	hits, err := collect(ctx, d.reader, `SELECT h.id, h.article, h.theme, h.signal, h.title, h.level, h.direction, h.score, h.background, h.countries
		FROM json_each(?) w JOIN hits h ON h.article = w.value WHERE h.withdrawn = 0 ORDER BY h.background, h.level DESC, h.score DESC, h.id`, []any{integers(ids)},
		func(r *sql.Rows) (h news.Hit, err error) {
			return h, r.Scan(&h.ID, &h.Article, &h.Theme, &h.Signal, &h.Title, &h.Level, &h.Direction, &h.Score, &h.Background, jsonInto{&h.Countries})
		})
	for _, h := range hits {
		x := &page[of[h.Article]]
		x.Hits = append(x.Hits, h)
	}
	return err
}

// wanted are the keys that a search looks for.
type wanted struct {
	keys     map[string]bool
	prefixes []string
}

// mark notes where the wanted words stand in articles.
func (w wanted) mark(all []news.FoundArticle) {
	var rd text.Reader
	var reading text.Reading
	for i := range all {
		x := &all[i]
		rd.Read(&reading, x.Article.Title, x.Text, x.Lang)
		x.InTitle, x.InText = w.in(&reading.Title, reading.Lang), w.in(&reading.Body, reading.Lang)
	}
}

// in gives the places of wanted words in a field.
func (w wanted) in(f *text.Field, lang string) []news.Span {
	var out []news.Span
	var key []byte
	for i := range f.Words {
		key = f.AppendKey(key[:0], i, f.LangAt(i, lang))
		if w.keys[string(key)] || slices.ContainsFunc(w.prefixes, func(p string) bool { return strings.HasPrefix(string(key), p) }) {
			out = append(out, news.Span{Start: int(f.Words[i].Start), End: int(f.Words[i].End)})
		}
	}
	return out
}

// asked is what a filter asks of the index.
type asked struct {
	must, never []clause
	keys        wanted
}

// backlog is how many articles can't be found yet. To count many of them takes
// longer than a page may wait each time, so the count may be some seconds old.
type backlog struct {
	mu              sync.Mutex
	at              time.Time
	waiting, stored int
}

// backlogAge is how old a count may be, where many articles wait.
const backlogAge = 5 * time.Second

func (b *backlog) count(ctx context.Context, db *sql.DB) (waiting, stored int, err error) {
	const few = 1000
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting >= few && time.Since(b.at) < backlogAge {
		return b.waiting, b.stored, nil
	}
	err = db.QueryRowContext(ctx, `SELECT count(*), iif(count(*) = 0, 0, (SELECT count(*) FROM articles)) FROM unindexed`).Scan(&b.waiting, &b.stored)
	b.at = time.Now()
	return b.waiting, b.stored, err
}

// askFor reads a filter as the texts were read.
func askFor(f news.SearchFilter) *asked {
	a := &asked{keys: wanted{keys: map[string]bool{}}}
	for _, item := range searchItems(f.Words) {
		any := a.runs(item.words, !item.not)
		switch {
		case len(any) == 0:
		case item.not:
			a.never = append(a.never, clause{any: any})
		default:
			a.must = append(a.must, clause{any: any})
		}
	}
	for facet, begin := range map[news.SearchFacet]string{news.SearchLanguage: aboutLanguage, news.SearchOutlet: aboutOutlet, news.SearchMonth: aboutMonth} {
		var any []run
		for _, v := range f.Facets[facet] {
			any = append(any, run{keys: begin + v})
		}
		if len(any) > 0 {
			a.must = append(a.must, clause{about: true, any: lessRuns(any)})
		}
	}
	return a
}

// match is what is asked, as one expression of FTS5.
func (a *asked) match() string {
	must := make([]string, len(a.must))
	for i, c := range a.must {
		must[i] = c.String()
	}
	match := strings.Join(must, " AND ")
	for _, c := range a.never {
		match = "(" + match + ") NOT " + c.String()
	}
	return match
}

// clause is runs of keys of which an article has one at least.
type clause struct {
	about bool // in that column alone
	any   []run
}

// String is the clause as an expression of FTS5.
func (c clause) String() string {
	any := make([]string, len(c.any))
	for i, r := range c.any {
		if any[i] = quoted(r.keys); r.begins {
			any[i] += " *"
		}
	}
	e := "(" + strings.Join(any, " OR ") + ")"
	if c.about {
		e = "about : " + e
	}
	return e
}

// run is keys that stand one behind the other, with a space between them. Where it
// begins so, the last may go on.
type run struct {
	keys   string
	begins bool
}

// sql is the query for the ids of the latest articles that match, as the column id, and
// its arguments; empty where nothing is asked.
func (a *asked) sql(f news.SearchFilter, most int) (string, []any) {
	countries, themes := f.Facets[news.SearchCountry], f.Facets[news.SearchTheme]
	flagged := `SELECT h.article FROM hits h INDEXED BY hits_kind WHERE h.withdrawn = 0 AND (?2 = '[]' OR h.theme IN (SELECT value FROM json_each(?2)))
		AND (?3 = '[]' OR EXISTS (SELECT 1 FROM json_each(?3) c WHERE instr(h.countries, '"' || c.value || '"') > 0))`
	args := []any{"", list(themes).column(), list(countries).column(), most}
	byHits := len(countries) > 0 || len(themes) > 0
	if len(a.must) == 0 {
		if !byHits {
			return "", nil
		}
		return `SELECT DISTINCT article AS id FROM (` + flagged + `) WHERE ?1 = '' ORDER BY article DESC LIMIT ?4`, args
	}
	args[0] = a.match()
	where := ""
	if byHits {
		where = ` AND +rowid IN (` + flagged + `)`
	} else {
		where = ` AND (?2 = '[]' AND ?3 = '[]')`
	}
	return `SELECT rowid AS id FROM found WHERE found MATCH ?1` + where + ` ORDER BY rowid DESC LIMIT ?4`, args
}

// searchItem is a word or a run of words in quotes.
type searchItem struct {
	words string
	not   bool
}

// searchItems takes apart what was typed.
func searchItems(typed string) []searchItem {
	var out []searchItem
	for rest := strings.TrimSpace(typed); rest != "" && len(out) < 32; rest = strings.TrimSpace(rest) {
		var item searchItem
		if item.not = rest[0] == '-'; item.not {
			rest = rest[1:]
		}
		if open := strings.HasPrefix(rest, `"`); open {
			item.words, rest, _ = strings.Cut(rest[1:], `"`)
		} else if i := strings.IndexFunc(rest, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\u00a0' }); i >= 0 {
			item.words, rest = rest[:i], rest[i:]
		} else {
			item.words, rest = rest, ""
		}
		if item.words != "" {
			out = append(out, item)
		}
	}
	return out
}

// phrasesMost is how many spellings of a run of words are looked for at most.
const phrasesMost = 64

// runs are those that a word or a run of words may be, in all keys that they may
// have. A word that ends in * stands for what begins so. Those that are to be shown
// are kept.
func (a *asked) runs(words string, show bool) []run {
	if i := strings.IndexByte(words, '*'); i >= 0 {
		words = words[:i+1] // what stands behind a beginning is left to be looked at
	}
	r := text.Read("", words, "")
	f := &r.Body
	runs := []string{""}
	for i := range f.Words {
		keys := f.Keys(i, "")
		if len(keys) == 0 {
			continue
		}
		prefix := i == len(f.Words)-1 && strings.HasSuffix(words, "*")
		for _, k := range keys {
			switch {
			case !show:
			case prefix:
				a.keys.prefixes = append(a.keys.prefixes, k)
			default:
				a.keys.keys[k] = true
			}
		}
		var longer []string
		for _, before := range runs {
			for _, k := range keys {
				if len(longer) < phrasesMost {
					longer = append(longer, strings.TrimSpace(before+" "+k))
				}
			}
		}
		runs = longer
	}
	var any []run
	for _, keys := range runs {
		if keys != "" {
			any = append(any, run{keys, strings.HasSuffix(words, "*")})
		}
	}
	return lessRuns(any)
}

// hint asks for one of a set of terms, or for more: of a term of several words one is
// looked for, and not where it stands. To follow a run of words costs FTS5 a pass
// through all articles that have them, and so does a pair that stands together nowhere;
// to gather what begins with a few letters costs one through all that have such a word.
func (a *asked) hint(terms []string) {
	var words []run
	for _, t := range terms {
		of := hintOf(t)
		if len(of) == 0 {
			return // nothing is known of what has the term
		}
		words = append(words, of...)
	}
	if len(words) > 0 {
		a.must = append(a.must, clause{any: lessRuns(words)})
	}
}

// lessRuns leaves out those that others stand for.
func lessRuns(all []run) []run {
	slices.SortFunc(all, func(a, b run) int { return strings.Compare(a.keys, b.keys) })
	out := all[:0]
	for i := 0; i < len(all); {
		r, n := all[i], 1
		for ; i+n < len(all) && all[i+n].keys == r.keys; n++ {
			r.begins = r.begins || all[i+n].begins
		}
		for r.begins && i+n < len(all) && strings.HasPrefix(all[i+n].keys, r.keys) {
			n++
		}
		out = append(out, r)
		i += n
	}
	return out
}

// hintOf are the keys of the word of a term that the fewest texts may have: the one of
// which the most letters are known. The text of a term has one of them.
func hintOf(term string) []run {
	f := &text.Read("", term, "").Body
	var best []run
	most := 0
	for i := range f.Words {
		keys := f.Keys(i, "")
		if len(keys) == 0 {
			continue
		}
		behind := f.Text[f.Words[i].End:]
		begins := strings.Contains(behind[:len(behind)-len(strings.TrimLeftFunc(behind, unicode.IsPunct))], "*")
		letters := string(f.AppendLetters(nil, i))
		if len(letters) <= most {
			continue
		}
		if most, best = len(letters), nil; begins {
			best = beginnings(letters, keys)
			continue
		}
		for _, k := range keys {
			best = append(best, run{keys: k})
		}
	}
	return best
}

// beginnings are the keys that a word which begins with some letters may have: all
// letters and more, or fewer of them where an ending is taken for one that begins
// among them.
func beginnings(letters string, keys []string) []run {
	if n := len(letters); n > 1 && (letters[n-1] == 't' || letters[n-1] == 'k') {
		letters = letters[:n-1] // with the letter behind it, it may be written as one
	}
	out := []run{{letters, true}}
	for _, k := range keys {
		for n := len(k); n < len(letters); n++ {
			out = append(out, run{keys: letters[:n]})
		}
		out = append(out, run{keys: k})
	}
	return out
}

// quoted is a string of FTS5.
func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// day is the day of a time as article_days has it; every one is later than "".
func day(t time.Time) string { return stamp(t)[:min(len(stamp(t)), len(time.DateOnly))] }

// ItemsByDay implements store.Desk.
func (d *DB) ItemsByDay(ctx context.Context, since time.Time) (map[string]map[string]int, error) {
	out := map[string]map[string]int{}
	err := each(ctx, d.reader, `SELECT source, day, n FROM article_days WHERE day >= ? AND n > 0`, []any{day(since)},
		func(r *sql.Rows) error {
			var source, day string
			var n int
			if err := r.Scan(&source, &day, &n); err != nil {
				return err
			}
			if out[source] == nil {
				out[source] = map[string]int{}
			}
			out[source][day] = n
			return nil
		})
	return out, d.read("count the articles of each day", err)
}
