package review_test

import (
	"context"
	"errors"
	"time"

	"driftwatch/news"
	"driftwatch/review"
)

// attic is an archive with a copy of each article that means harm, and one that is
// damaged.
type attic struct{}

func (attic) Copies(_ context.Context, article int64) ([]news.KeptPage, error) {
	p := news.KeptPage{ID: 1, Article: article, URL: "https://outlet.example/1", Status: 200, Fetched: time.Now(), PagePlace: news.PagePlace{Digest: nasty}}
	return []news.KeptPage{p, {ID: 2, Article: article}}, nil
}

func (attic) Copy(_ context.Context, p news.KeptPage) (review.Copied, error) {
	if p.ID == 2 {
		return review.Copied{}, errors.New("damaged")
	}
	return review.Copied{Source: "<html><body>" + nasty, Title: nasty, Text: nasty}, nil
}

func (attic) Sights(_ context.Context, article int64) ([]news.PageChange, error) {
	return []news.PageChange{{Article: article, Kind: news.ChangeEdited, From: nasty, To: nasty}}, nil
}
