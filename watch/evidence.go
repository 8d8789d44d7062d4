package watch

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/archive"
)

// Evidence says which pages are kept as they were received, where, and when those
// of flagged articles are looked at again.
type Evidence struct {
	Pages    string          // configs.PagesFlagged, PagesAll or PagesNone
	Folder   string          // of the archive
	FileSize int64           // bytes from which on a file of it is followed by a new one
	Looks    []time.Duration // after an article was flagged, ascending; none: not at all
}

// EvidenceOf is what a configuration says of evidence, where the database is in a
// file.
func EvidenceOf(c *configs.Config, database string) Evidence {
	e := Evidence{Pages: c.Archive.Pages, Folder: c.Archive.Path, FileSize: int64(c.Archive.FileSize) << 20, Looks: c.Archive.Looks}
	if e.Folder == "" {
		e.Folder = filepath.Join(filepath.Dir(database), "archive")
	}
	return e
}

// keeps reports whether any page is kept.
func (e Evidence) keeps() bool {
	return e.Folder != "" && e.Pages != configs.PagesNone && e.Pages != ""
}

// next is when an article is looked at next; zero: no more.
func (e Evidence) next(flagged, now time.Time) time.Time {
	for _, after := range e.Looks {
		if due := flagged.Add(after); due.After(now) {
			return due
		}
	}
	return time.Time{}
}

// pageShelf is the archive as a cycle writes to it; it is opened with the first page
// and belongs to the desk's one goroutine.
type pageShelf struct {
	w   *archive.Writer
	err error // why it can't be opened
}

func (s *pageShelf) open(e Evidence, now func() time.Time) (*archive.Writer, error) {
	if s.w == nil && s.err == nil {
		s.w, s.err = archive.OpenWriter(e.Folder, archive.Options{MaxBytes: e.FileSize, Now: now})
	}
	return s.w, s.err
}

func (s *pageShelf) close() error {
	if s.w == nil {
		return nil
	}
	return s.w.Close()
}

// keepPages writes the pages of a batch to the archive, before the articles are
// filed: what the database names is there. A page that can't be kept is counted,
// and its article filed all the same.
func (d *desk) keepPages(ctx context.Context, batch []filing) {
	kept := 0
	for _, f := range batch {
		for i := range f.drafts {
			dr := &f.drafts[i]
			if dr.sight == nil || dr.sight.capture == nil {
				continue
			}
			page, err := d.keepPage(ctx, dr.sight.capture, len(dr.hits) > 0 || dr.look != nil)
			dr.sight.capture = nil
			if err != nil {
				d.lost(err)
				continue
			}
			dr.kept, kept = &page, kept+1
		}
	}
	if kept == 0 {
		return
	}
	if err := d.pages.w.Sync(); err != nil {
		d.lost(err)
	}
	d.tally.do(func(s *Summary) { s.Evidence.Kept += kept })
}

func (d *desk) keepPage(ctx context.Context, c *news.Capture, flagged bool) (news.KeptPage, error) {
	w, err := d.pages.open(d.w.Evidence, d.w.Now)
	if err != nil {
		return news.KeptPage{}, err
	}
	series := archive.Others
	var same *news.KeptPage
	if flagged {
		series = archive.Flagged
		known, err := d.w.Store.PageWith(context.WithoutCancel(ctx), archive.Digest(c.Body), archive.Suffix(series))
		switch {
		case err == nil:
			same = &known
		case !errors.Is(err, store.ErrNotFound):
			return news.KeptPage{}, err
		}
	}
	place, err := w.Put(series, c, same)
	return news.KeptPage{URL: c.URL, Status: c.Status, Fetched: c.Fetched, PagePlace: place, Same: same}, err
}

// lost counts a page that could not be kept.
func (d *desk) lost(err error) {
	d.w.Log.Warn("page not kept", "problem", err)
	d.tally.do(func(s *Summary) {
		s.Evidence.Lost++
		s.Evidence.Problem = err.Error()
	})
}

// earlier is what was known of an article's page before a draft of it is filed.
type earlier struct {
	look store.Look
	hits []news.Hit
}

// earlier reads it; nil: the page isn't looked at again.
func (d *desk) earlier(tx store.Tx, dr *draft) (*earlier, error) {
	if dr.sight == nil && dr.look == nil {
		return nil, nil
	}
	known, found, err := tx.ArticleByURL(dr.article.URL)
	if err != nil || !found {
		return nil, err
	}
	look, found, err := tx.Look(known.Article.ID)
	if err != nil || !found {
		return nil, err
	}
	hits, err := tx.StandingHits(known.Article.ID)
	return &earlier{look, hits}, err
}

// putEvidence files where a draft's page is kept, what has changed on it, and
// when it is looked at again.
func (d *desk) putEvidence(tx store.Tx, source news.Source, dr *draft, was *earlier, c *counted) error {
	if dr.kept == nil && was == nil && !d.again(dr) {
		return nil
	}
	known, found, err := tx.ArticleByURL(dr.article.URL)
	if err != nil || !found {
		return err
	}
	id := known.Article.ID
	if dr.kept != nil {
		dr.kept.Article = id
		if _, err := tx.PutPage(*dr.kept); err != nil {
			return err
		}
	}
	switch {
	case was != nil:
		return d.putSight(tx, source, known.Article, dr, was, c)
	case !d.again(dr):
		return nil
	}
	look := store.Look{Article: id, Flagged: dr.article.Seen}
	look.Due = d.w.Evidence.next(look.Flagged, d.w.Now())
	if dr.sight != nil {
		look.Said, look.ETag, look.LastModified = dr.sight.said, dr.sight.etag, dr.sight.lastModified
	}
	return tx.PutLook(look)
}

// again reports whether a new article's page is to be looked at again.
func (d *desk) again(dr *draft) bool {
	return dr.hasPage && len(d.w.Evidence.Looks) > 0 && isFlagged(dr.hits)
}

// isFlagged reports whether any of the hits is more than background.
func isFlagged(hits []news.Hit) bool {
	return slices.ContainsFunc(hits, func(h news.Hit) bool { return !h.Background })
}

// lookSoon has the page of a stored article looked at that was flagged now: what
// it says is kept with the first look.
func (w *Watch) lookSoon(tx store.Tx, a news.Article, hits []news.Hit, now time.Time) error {
	due := w.Evidence.next(now, now)
	src, known := sourcesByID(w.sources())[a.Source]
	if due.IsZero() || !isFlagged(hits) || a.Link == "" || !known || src.Fulltext == news.FulltextNever {
		return nil
	}
	if _, found, err := tx.Look(a.ID); err != nil || found {
		return err
	}
	return tx.PutLook(store.Look{Article: a.ID, Flagged: now, Due: due})
}

// putSight files what an article's page was found to be, beside what was known of
// it, and what is owed to the routes for it.
func (d *desk) putSight(tx store.Tx, source news.Source, a news.Article, dr *draft, was *earlier, c *counted) error {
	look := was.look
	overtaken := false // a poll saw the page while it was looked at
	if dr.look != nil {
		look.Due, look.Tries = dr.look.Due, dr.look.Tries
		overtaken = !look.Said.Seen.Equal(dr.look.Said.Seen) || look.Down != dr.look.Down
	}
	s := dr.sight
	if overtaken || s == nil || s.down == "" && s.said.Text == "" && dr.look == nil {
		return tx.PutLook(look)
	}
	changes := compare(look, s, was.hits)
	for _, change := range changes {
		if _, err := tx.PutPageChange(change); err != nil {
			return err
		}
		c.changed++
		if change.Kind == news.ChangeTakenDown {
			c.takenDown++
		}
	}
	if len(changes) > 0 {
		if err := d.w.tellOf(tx, source, a, nil, c); err != nil {
			return err
		}
	}
	look.Down = s.down
	if s.down == "" {
		look.Said, look.ETag, look.LastModified = s.said, s.etag, s.lastModified
	} else {
		look.ETag, look.LastModified = "", ""
	}
	return tx.PutLook(look)
}
