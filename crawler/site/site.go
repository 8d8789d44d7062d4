package site

import (
	"context"
	"errors"

	"driftwatch/crawler/fetch"
	"driftwatch/news"
)

// Listing is what a section page lists.
type Listing struct {
	Items              []news.Item
	ETag, LastModified string
	NotModified        bool
	Format             string // "site"
}

// Discover reads the section page of s and returns the articles that it links
// to, in the page's order.
func Discover(ctx context.Context, c *fetch.Client, s news.Source, state news.SourceState) (*Listing, error) {
	return nil, errors.New("section pages can't be read yet")
}
