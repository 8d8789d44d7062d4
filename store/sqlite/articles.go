package sqlite

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// articleColumns are those of an article without its text, for scanArticle.
const articleColumns = `a.id, a.story, a.source, a.url, a.link, a.title, a.lang, a.authors, a.site, a.section, a.published, a.modified, a.seen, a.revision, a.origin,
	a.relation, a.joined, a.score, a.pinned`

// articleInto lists where the articleColumns go.
func articleInto(a *news.Article) []any {
	return []any{&a.ID, &a.Story, &a.Source, &a.URL, &a.Link, &a.Title, &a.Lang, jsonInto{&a.Authors}, &a.Site, &a.Section,
		when{&a.Published}, when{&a.Modified}, when{&a.Seen}, &a.Revision, &a.From,
		&a.Join.Relation, &a.Join.To, &a.Join.Score, &a.Join.Pinned}
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
	a.Join.Relation = cmp.Or(a.Join.Relation, news.RelationFirst)
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
	err := x.row(`SELECT count(*) FROM stories WHERE id = ? AND merged = 0`, story).Scan(&there)
	if err == nil && there == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return news.Article{}, x.failed(doing, err)
	}
	a.Story = story
	a.Join.Relation = cmp.Or(a.Join.Relation, news.RelationSameText)
	kept, err := x.addArticle(a, p)
	return kept, x.failed(doing, err)
}

// addArticle inserts an article and its first revision.
func (x *tx) addArticle(a news.Article, p store.Print) (news.Article, error) {
	h := store.TextHash(a.Title, a.Text)
	r, err := x.t.ExecContext(x.ctx, `INSERT INTO articles
		(story, source, url, link, title, lang, authors, site, section, published, modified, seen, revision, hash, origin, relation, joined, score, pinned)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO NOTHING`,
		a.Story, a.Source, a.URL, a.Link, a.Title, a.Lang, list(a.Authors).column(), a.Site, a.Section,
		stamp(a.Published), stamp(a.Modified), stamp(a.Seen), int64(h), a.From,
		string(a.Join.Relation), a.Join.To, a.Join.Score, a.Join.Pinned)
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

// addRevision inserts the text of an article, and what it is found by.
func (x *tx) addRevision(a news.Article, h uint64, p store.Print, at time.Time) error {
	id, err := x.insert(`INSERT INTO revisions (article, revision, seen, hash, title, text) VALUES (?, ?, ?, ?, ?, ?)`,
		a.ID, a.Revision, stamp(at), int64(h), a.Title, a.Text)
	if err != nil {
		return err
	}
	return x.addSketch(id, a, p)
}

// PutRevision implements store.Tx.
func (x *tx) PutRevision(a news.Article, p store.Print, at time.Time) (news.Article, error) {
	doing := fmt.Sprintf("keep a new revision of article %d", a.ID)
	h := store.TextHash(a.Title, a.Text)
	err := x.row(`UPDATE articles SET revision = revision + 1, title = ?, lang = ?, authors = ?, site = ?, section = ?,
		published = ?, modified = ?, hash = ?, origin = ? WHERE id = ?
		RETURNING story, source, url, link, seen, revision, relation, joined, score, pinned`,
		a.Title, a.Lang, list(a.Authors).column(), a.Site, a.Section, stamp(a.Published), stamp(a.Modified), int64(h), a.From, a.ID).
		Scan(&a.Story, &a.Source, &a.URL, &a.Link, when{&a.Seen}, &a.Revision,
			&a.Join.Relation, &a.Join.To, &a.Join.Score, &a.Join.Pinned)
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
