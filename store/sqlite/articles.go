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
	if x.waits.urls[url] {
		if err := x.flush(); err != nil {
			return store.Known{}, false, err
		}
	}
	var id int64 // most aren't there
	err := x.beside(`SELECT id FROM articles WHERE url = ?`, url).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		x.absent = url
		return store.Known{}, false, nil
	}
	if err == nil {
		err = x.beside(`SELECT `+articleColumns+`, a.hash FROM articles a WHERE a.id = ?`, id).
			Scan(append(articleInto(&k.Article), (*hash)(&k.Hash))...)
	}
	return k, err == nil, x.failed("look for article "+url, err)
}

// NewStory implements store.Tx.
func (x *tx) NewStory(a news.Article, p store.Print) (news.Article, error) {
	doing := "begin a story with article " + a.URL
	err := x.free(a.URL)
	if err == nil {
		err = x.ids()
	}
	if err != nil {
		return news.Article{}, x.failed(doing, err)
	}
	x.waits.story++
	a.Story = x.waits.story
	a.Join.Relation = cmp.Or(a.Join.Relation, news.RelationFirst)
	x.waits.stories = append(x.waits.stories, filedStory{a.Story, a.Title, stamp(a.Seen)})
	kept, err := x.addArticle(a, p)
	return kept, x.failed(doing, err)
}

// free says ErrExists where an article has the address.
func (x *tx) free(url string) error {
	switch {
	case x.waits.urls[url]:
		return store.ErrExists
	case url != "" && x.absent == url:
		return nil
	}
	var there bool
	err := x.beside(`SELECT EXISTS (SELECT 1 FROM articles WHERE url = ?)`, url).Scan(&there)
	if err == nil && there {
		err = store.ErrExists
	}
	return err
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
	if err = x.free(a.URL); err != nil {
		return news.Article{}, x.failed(doing, err)
	}
	a.Story = story
	a.Join.Relation = cmp.Or(a.Join.Relation, news.RelationSameText)
	kept, err := x.addArticle(a, p)
	return kept, x.failed(doing, err)
}

// addArticle files an article, whose address is free, and its first revision.
func (x *tx) addArticle(a news.Article, p store.Print) (news.Article, error) {
	if err := x.ids(); err != nil {
		return news.Article{}, err
	}
	w := x.waits
	w.article++
	a.ID, a.Revision = w.article, 1
	h := store.TextHash(a.Title, a.Text)
	w.articles = append(w.articles, filedArticle{a, h})
	if w.urls == nil {
		w.urls = map[string]bool{}
	}
	w.urls[a.URL], x.absent = true, ""
	return a, x.addRevision(a, h, p, a.Seen)
}

// addRevision files the text of an article, and what it is found by.
func (x *tx) addRevision(a news.Article, h uint64, p store.Print, at time.Time) error {
	late, err := x.lateKeys() // first: to read them, what waits is written
	if err == nil {
		err = x.ids()
	}
	if err != nil {
		return err
	}
	w := x.waits
	w.revision++
	id := w.revision
	p.Keys, p.Events = distinct(p.Keys), p.Events[:min(len(p.Events), store.MaxEvents)]
	w.revisions = append(w.revisions, filedRevision{id, a, h, stamp(at), p})
	return x.addKeys(late, id, p.Keys)
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
