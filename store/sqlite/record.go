package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// latestText joins the revision r that an article a is now.
const latestText = ` JOIN revisions r ON r.article = a.id AND r.revision = a.revision`

// EachArticle implements store.Record.
func (d *DB) EachArticle(ctx context.Context, since time.Time, fn func(news.Article) error) error {
	rows, err := d.reader.QueryContext(ctx, `SELECT `+articleColumns+`, r.text FROM articles a`+latestText+`
		WHERE a.seen >= ? ORDER BY a.seen, a.id`, stamp(since))
	if err != nil {
		return d.read("read the articles", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a news.Article
		if err := rows.Scan(append(articleInto(&a), &a.Text)...); err != nil {
			return d.read("read the articles", err)
		}
		if err := fn(a); err != nil {
			return err
		}
	}
	return d.read("read the articles", rows.Err())
}

// Article implements store.Record.
func (d *DB) Article(ctx context.Context, id int64) (news.Article, error) {
	a, err := d.article(ctx, `a.id = ?`, id)
	return a, d.read(fmt.Sprintf("read article %d", id), err)
}

// ArticleAt implements store.Record.
func (d *DB) ArticleAt(ctx context.Context, url string) (news.Article, error) {
	a, err := d.article(ctx, `a.url = ?`, url)
	return a, d.read("read article "+url, err)
}

func (d *DB) article(ctx context.Context, where string, arg any) (a news.Article, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT `+articleColumns+`, r.text FROM articles a`+latestText+` WHERE `+where, arg).
		Scan(append(articleInto(&a), &a.Text)...)
	return a, missing(err)
}

// ArticlesOf implements store.Record.
func (d *DB) ArticlesOf(ctx context.Context, story int64) ([]news.Article, error) {
	out, err := collect(ctx, d.reader, `SELECT `+articleColumns+`, r.text FROM articles a`+latestText+`
		WHERE a.story = (`+standing+`) ORDER BY a.seen, a.id`, []any{story}, func(r *sql.Rows) (a news.Article, err error) {
		return a, r.Scan(append(articleInto(&a), &a.Text)...)
	})
	if err == nil && len(out) == 0 {
		err = store.ErrNotFound
	}
	return out, d.read(fmt.Sprintf("read the articles of story %d", story), err)
}

// PutPack implements store.Record.
func (d *DB) PutPack(ctx context.Context, p store.Pack) (made bool, err error) {
	n, err := d.change(ctx, `INSERT INTO packs (digest, first, changes, files) VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING`,
		p.Digest, stamp(p.First), p.Changes, p.Files)
	return n == 1, d.read("keep the version "+p.Digest+" of the rules", err)
}

// Pack implements store.Record.
func (d *DB) Pack(ctx context.Context, digest string) (store.Pack, error) {
	p := store.Pack{Digest: digest}
	err := d.reader.QueryRowContext(ctx, `SELECT first, changes, files FROM packs WHERE digest = ?`, digest).
		Scan(when{&p.First}, &p.Changes, &p.Files)
	return p, d.read("read the version "+digest+" of the rules", missing(err))
}

// Packs implements store.Record.
func (d *DB) Packs(ctx context.Context) ([]store.Pack, error) {
	out, err := collect(ctx, d.reader, `SELECT digest, first, changes FROM packs ORDER BY id DESC`, nil,
		func(r *sql.Rows) (p store.Pack, err error) {
			return p, r.Scan(&p.Digest, when{&p.First}, &p.Changes)
		})
	return out, d.read("read the versions of the rules", err)
}
