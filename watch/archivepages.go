package watch

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"

	"driftwatch/crawler/charset"
	"driftwatch/crawler/extract"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store/archive"
)

// archivePages is the archive as the desk shows it.
type archivePages struct{ w *Watch }

// Copies implements review.Archive.
func (p archivePages) Copies(ctx context.Context, article int64) ([]news.KeptPage, error) {
	all, err := p.w.Store.Pages(ctx, article)
	slices.Reverse(all)
	return all, err
}

// Sights implements review.Archive.
func (p archivePages) Sights(ctx context.Context, article int64) ([]news.PageChange, error) {
	all, err := p.w.Store.PageChanges(ctx, article)
	out := make([]news.PageChange, len(all))
	for i, c := range all {
		out[i] = c.PageChange
	}
	return out, err
}

// copyMost is how much of a kept page is read for the desk, in bytes.
const copyMost = 8 << 20

// Copy implements review.Archive.
func (p archivePages) Copy(ctx context.Context, kept news.KeptPage) (review.Copied, error) {
	c, err := archive.Read(p.w.Evidence.Folder, kept)
	if err != nil {
		return review.Copied{}, err
	}
	head := http.Header(c.Header)
	body, err := guard.Decode(bytes.NewReader(c.Body), head.Get("Content-Encoding"), copyMost)
	if err != nil {
		return review.Copied{}, err
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return review.Copied{}, err
	}
	a, err := p.w.Store.Article(ctx, kept.Article)
	if err != nil {
		return review.Copied{}, err
	}
	src := sourcesByID(p.w.sources())[a.Source]
	var out review.Copied
	decoded, _ := charset.HTML(data, head.Get("Content-Type"))
	out.Source = string(bytes.ToValidUTF8(decoded, []byte("\uFFFD")))
	page, err := extract.Page(data, extract.Options{URL: kept.URL, ContentType: head.Get("Content-Type"), Selectors: src.Selectors, Fetched: kept.Fetched, Zone: src.Zone})
	if err != nil {
		out.Why = guard.Line(err.Error())
		return out, nil
	}
	out.Title, out.Text = page.Title, page.Text
	return out, nil
}
