package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// StandingHits implements store.Tx.
func (x *tx) StandingHits(article int64) ([]news.Hit, error) {
	out, err := collect(x.ctx, x, `SELECT `+hitColumns+` FROM hits h JOIN articles a ON a.id = h.article
		WHERE h.article = ? AND h.withdrawn = 0 ORDER BY h.id`, []any{article}, func(r *sql.Rows) (h news.Hit, err error) {
		return h, r.Scan(hitInto(&h)...)
	})
	return out, x.failed(fmt.Sprintf("read the hits of article %d", article), err)
}

// has says ErrNotFound where there is no such article.
func (x *tx) has(article int64) error {
	var there int
	err := x.row(`SELECT 1 FROM articles WHERE id = ?`, article).Scan(&there)
	return missing(err)
}

// PutPage implements store.Tx.
func (x *tx) PutPage(p news.KeptPage) (int64, error) {
	var same int64
	if p.Same != nil {
		same = p.Same.ID
	}
	err := x.has(p.Article)
	if err == nil {
		p.ID, err = x.insert(`INSERT INTO pages (article, url, status, fetched, file, offset, length, type, digest, same)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0))`,
			p.Article, p.URL, p.Status, stamp(p.Fetched), p.File, p.Offset, p.Length, p.Type, p.Digest, same)
	}
	return p.ID, x.failed(fmt.Sprintf("keep where the page of article %d lies", p.Article), err)
}

const lookColumns = `article, flagged, due, tries, etag, last_modified, down, seen, title, text`

func lookInto(l *store.Look) []any {
	return []any{&l.Article, when{&l.Flagged}, when{&l.Due}, &l.Tries, &l.ETag, &l.LastModified, &l.Down,
		when{&l.Said.Seen}, &l.Said.Title, &l.Said.Text}
}

// Look implements store.Tx.
func (x *tx) Look(article int64) (l store.Look, found bool, err error) {
	err = x.row(`SELECT `+lookColumns+` FROM looks WHERE article = ?`, article).Scan(lookInto(&l)...)
	if errors.Is(err, sql.ErrNoRows) {
		return store.Look{}, false, nil
	}
	return l, err == nil, x.failed(fmt.Sprintf("read when article %d is looked at again", article), err)
}

// PutLook implements store.Tx.
func (x *tx) PutLook(l store.Look) error {
	err := x.has(l.Article)
	if err == nil {
		_, err = x.exec(`INSERT OR REPLACE INTO looks (`+lookColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			l.Article, stamp(l.Flagged), stamp(l.Due), l.Tries, l.ETag, l.LastModified, l.Down, stamp(l.Said.Seen), l.Said.Title, l.Said.Text)
	}
	return x.failed(fmt.Sprintf("keep when article %d is looked at again", l.Article), err)
}

// PutPageChange implements store.Tx.
func (x *tx) PutPageChange(c store.PageChange) (int64, error) {
	err := x.has(c.Article)
	if err == nil {
		c.ID, err = x.insert(`INSERT INTO page_changes (article, kind, subject, was, becomes, found, before_title, before_text, before_seen, after_title, after_text)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			c.Article, string(c.Kind), c.Of, c.From, c.To, stamp(c.Found), c.Before.Title, c.Before.Text, stamp(c.Before.Seen), c.After.Title, c.After.Text)
	}
	return c.ID, x.failed(fmt.Sprintf("keep what has changed on the page of article %d", c.Article), err)
}

// pageColumns are those of a page p and of the page s that has its body, if it is
// another.
const pageColumns = `p.id, p.article, p.url, p.status, p.fetched, p.file, p.offset, p.length, p.type, p.digest,
	coalesce(s.id, 0), coalesce(s.article, 0), coalesce(s.url, ''), coalesce(s.status, 0), coalesce(s.fetched, ''),
	coalesce(s.file, ''), coalesce(s.offset, 0), coalesce(s.length, 0), coalesce(s.type, ''), coalesce(s.digest, '')`

const pagesFrom = ` FROM pages p LEFT JOIN pages s ON s.id = p.same `

func scanPage(r *sql.Rows) (news.KeptPage, error) {
	var p, s news.KeptPage
	into := func(p *news.KeptPage) []any {
		return []any{&p.ID, &p.Article, &p.URL, &p.Status, when{&p.Fetched}, &p.File, &p.Offset, &p.Length, &p.Type, &p.Digest}
	}
	err := r.Scan(append(into(&p), into(&s)...)...)
	if s.ID != 0 {
		p.Same = &s
	}
	return p, err
}

// Pages implements store.Evidence.
func (d *DB) Pages(ctx context.Context, article int64) ([]news.KeptPage, error) {
	out, err := collect(ctx, d.reader, `SELECT `+pageColumns+pagesFrom+`WHERE p.article = ? ORDER BY p.id DESC`, []any{article}, scanPage)
	return out, d.read(fmt.Sprintf("read the kept pages of article %d", article), err)
}

// PageWith implements store.Evidence.
func (d *DB) PageWith(ctx context.Context, digest, suffix string) (news.KeptPage, error) {
	out, err := collect(ctx, d.reader, `SELECT `+pageColumns+pagesFrom+`WHERE p.digest = ?1 AND p.same IS NULL
		AND substr(p.file, -length(?2)) = ?2 ORDER BY p.id DESC LIMIT 1`, []any{digest, suffix}, scanPage)
	if err == nil && len(out) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return news.KeptPage{}, d.read("look for a page with the digest "+digest, err)
	}
	return out[0], nil
}

// LooksDue implements store.Evidence.
func (d *DB) LooksDue(ctx context.Context, now time.Time, n int) ([]store.Look, error) {
	out, err := collect(ctx, d.reader, `SELECT `+lookColumns+` FROM looks WHERE due <> '' AND due <= ? ORDER BY due, article LIMIT ?`,
		[]any{stamp(now), n}, func(r *sql.Rows) (l store.Look, err error) {
			return l, r.Scan(lookInto(&l)...)
		})
	return out, d.read("read which pages are to be looked at again", err)
}

func pageChangeInto(p *news.PageChange) []any {
	return []any{&p.ID, &p.Article, &p.Kind, &p.Of, &p.From, &p.To, when{&p.Found}}
}

// PageChanges implements store.Evidence.
func (d *DB) PageChanges(ctx context.Context, articles ...int64) ([]store.PageChange, error) {
	out, err := collect(ctx, d.reader, `SELECT id, article, kind, subject, was, becomes, found,
		before_title, before_text, before_seen, after_title, after_text FROM page_changes
		WHERE article IN (SELECT value FROM json_each(?)) ORDER BY id`, []any{integers(articles)},
		func(r *sql.Rows) (c store.PageChange, err error) {
			err = r.Scan(append(pageChangeInto(&c.PageChange),
				&c.Before.Title, &c.Before.Text, when{&c.Before.Seen}, &c.After.Title, &c.After.Text)...)
			c.After.Seen = c.Found
			return c, err
		})
	return out, d.read("read what has changed on pages", err)
}
