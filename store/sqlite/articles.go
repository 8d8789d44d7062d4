package sqlite

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// articleColumns are those of an article without its text, for scanArticle.
const articleColumns = `a.id, a.story, a.source, a.url, a.link, a.title, a.lang, a.authors, a.site, a.published, a.modified, a.seen, a.revision, a.origin`

// articleInto lists where the articleColumns go.
func articleInto(a *news.Article) []any {
	return []any{&a.ID, &a.Story, &a.Source, &a.URL, &a.Link, &a.Title, &a.Lang, jsonInto{&a.Authors}, &a.Site,
		when{&a.Published}, when{&a.Modified}, when{&a.Seen}, &a.Revision, &a.From}
}

// ArticleByURL implements store.Tx.
func (x *tx) ArticleByURL(url string) (store.Known, bool, error) {
	var k store.Known
	err := x.row(`SELECT `+articleColumns+`, a.hash FROM articles a WHERE a.url = ?`, url).
		Scan(append(articleInto(&k.Article), (*hash)(&k.Hash))...)
	if errors.Is(err, sql.ErrNoRows) {
		return store.Known{}, false, nil
	}
	return k, err == nil, x.failed("look for article "+url, err)
}

// NewStory implements store.Tx.
func (x *tx) NewStory(a news.Article, p store.Print) (news.Article, error) {
	doing := "begin a story with article " + a.URL
	story, err := x.insert(`INSERT INTO stories (title, created) VALUES (?, ?)`, a.Title, stamp(a.Seen))
	if err != nil {
		return news.Article{}, x.failed(doing, err)
	}
	a.Story = story
	kept, err := x.addArticle(a, p)
	if errors.Is(err, store.ErrExists) {
		if _, gone := x.exec(`DELETE FROM stories WHERE id = ?`, story); gone != nil {
			err = gone
		}
	}
	return kept, x.failed(doing, err)
}

// AddToStory implements store.Tx.
func (x *tx) AddToStory(story int64, a news.Article, p store.Print) (news.Article, error) {
	doing := fmt.Sprintf("add article %s to story %d", a.URL, story)
	var there int
	err := x.row(`SELECT count(*) FROM stories WHERE id = ?`, story).Scan(&there)
	if err == nil && there == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return news.Article{}, x.failed(doing, err)
	}
	a.Story = story
	kept, err := x.addArticle(a, p)
	return kept, x.failed(doing, err)
}

// addArticle inserts an article and its first revision.
func (x *tx) addArticle(a news.Article, p store.Print) (news.Article, error) {
	h := store.TextHash(a.Title, a.Text)
	r, err := x.t.ExecContext(x.ctx, `INSERT INTO articles
		(story, source, url, link, title, lang, authors, site, published, modified, seen, revision, hash, origin)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (url) DO NOTHING`,
		a.Story, a.Source, a.URL, a.Link, a.Title, a.Lang, list(a.Authors).column(), a.Site,
		stamp(a.Published), stamp(a.Modified), stamp(a.Seen), int64(h), a.From)
	if err != nil {
		return news.Article{}, err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return news.Article{}, cmp.Or(err, store.ErrExists)
	}
	if a.ID, err = r.LastInsertId(); err != nil {
		return news.Article{}, err
	}
	a.Revision = 1
	return a, x.addRevision(a, h, p, a.Seen)
}

// addRevision inserts the text of an article and the keys of its print.
func (x *tx) addRevision(a news.Article, h uint64, p store.Print, at time.Time) error {
	id, err := x.insert(`INSERT INTO revisions (article, revision, seen, hash, print, title, text) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.Revision, stamp(at), int64(h), p.Bytes, a.Title, a.Text)
	if err != nil || len(p.Keys) == 0 {
		return err
	}
	keys := p.Keys[:min(len(p.Keys), store.MaxKeys)]
	args := make([]any, 0, 2*store.MaxKeys)
	for _, k := range keys {
		args = append(args, int64(k), id)
	}
	_, err = x.exec(insertKeys[len(keys)], args...)
	return err
}

// insertKeys are the statements that insert as many keys as their index says.
var insertKeys = perKeyCount(func(n int) string {
	return `INSERT OR IGNORE INTO story_keys (key, revision) VALUES ` + repeat("(?, ?)", ", ", n)
})

// PutRevision implements store.Tx.
func (x *tx) PutRevision(a news.Article, p store.Print, at time.Time) (news.Article, error) {
	doing := fmt.Sprintf("keep a new revision of article %d", a.ID)
	h := store.TextHash(a.Title, a.Text)
	err := x.row(`UPDATE articles SET revision = revision + 1, title = ?, lang = ?, authors = ?, site = ?,
		published = ?, modified = ?, hash = ?, origin = ? WHERE id = ?
		RETURNING story, source, url, link, seen, revision`,
		a.Title, a.Lang, list(a.Authors).column(), a.Site, stamp(a.Published), stamp(a.Modified), int64(h), a.From, a.ID).
		Scan(&a.Story, &a.Source, &a.URL, &a.Link, when{&a.Seen}, &a.Revision)
	if errors.Is(err, sql.ErrNoRows) {
		err = store.ErrNotFound
	}
	if err == nil {
		err = x.addRevision(a, h, p, at)
	}
	if err != nil {
		return news.Article{}, x.failed(doing, err)
	}
	return a, nil
}

// A key may be shared by very many texts: latestOfKey is how many of them are
// looked at where all keys together have more than crowd.
const (
	latestOfKey = 64
	crowd       = 256
)

// sharingAll and sharingSome are the queries for the revisions of as many keys
// as their index says: for all of them up to crowd, and for some of each key.
var (
	sharingAll = perKeyCount(func(n int) string {
		return fmt.Sprintf(`SELECT revision FROM story_keys WHERE key IN (%s) LIMIT %d`, repeat("?", ", ", n), crowd)
	})
	sharingSome = perKeyCount(func(n int) string {
		one := fmt.Sprintf(`SELECT revision FROM (SELECT revision FROM story_keys WHERE key = ? ORDER BY revision DESC LIMIT %d)`, latestOfKey)
		return repeat(one, " UNION ALL ", n)
	})
)

// StoryCandidates implements store.Tx.
func (x *tx) StoryCandidates(keys []uint64, since time.Time) ([]store.Candidate, error) {
	shared, err := x.sharing(keys)
	if err != nil || len(shared) == 0 {
		return nil, x.failed("look for stories", err)
	}
	revisions := byShared(shared)
	var out []store.Candidate
	for len(revisions) > 0 && len(out) < store.MaxCandidates {
		n := min(len(revisions), 2*store.MaxCandidates)
		some, err := x.candidates(revisions[:n], shared, since)
		if err != nil {
			return nil, x.failed("read the prints of stories", err)
		}
		out, revisions = append(out, some...), revisions[n:]
	}
	return out[:min(len(out), store.MaxCandidates)], nil
}

// sharing counts, for each revision with one of the keys, how many it has.
func (x *tx) sharing(keys []uint64) (map[int64]int, error) {
	args := make([]any, 0, store.MaxKeys)
	for _, k := range keys[:min(len(keys), store.MaxKeys)] {
		if !slices.Contains(args, any(int64(k))) {
			args = append(args, int64(k))
		}
	}
	if len(args) == 0 {
		return nil, nil
	}
	shared, n, err := x.countRevisions(sharingAll[len(args)], args)
	if err == nil && n == crowd {
		shared, _, err = x.countRevisions(sharingSome[len(args)], args)
	}
	return shared, err
}

// countRevisions says how often a query gives each revision, and how many rows
// it has.
func (x *tx) countRevisions(query string, args []any) (times map[int64]int, n int, err error) {
	rows, err := x.t.QueryContext(x.ctx, query, args...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		var revision int64
		if err := rows.Scan(&revision); err != nil {
			return nil, 0, err
		}
		if times == nil {
			times = make(map[int64]int)
		}
		times[revision]++
	}
	return times, n, rows.Err()
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

// candidates reads those of some revisions that were seen since a time, in the
// order given.
func (x *tx) candidates(revisions []int64, shared map[int64]int, since time.Time) ([]store.Candidate, error) {
	return collect(x.ctx, x.t, `SELECT r.id, r.article, a.story, r.print, r.seen FROM json_each(?) j
		JOIN revisions r ON r.id = j.value JOIN articles a ON a.id = r.article
		WHERE r.seen >= ? ORDER BY j.key`, []any{integers(revisions), stamp(since)},
		func(rows *sql.Rows) (store.Candidate, error) {
			var c store.Candidate
			var id int64
			err := rows.Scan(&id, &c.Article, &c.Story, &c.Print, when{&c.Seen})
			c.Shared = shared[id]
			return c, err
		})
}

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
