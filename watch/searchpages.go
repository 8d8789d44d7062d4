package watch

import (
	"context"
	"time"

	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/rules"
	"driftwatch/text"
)

// library searches what is stored.
type library struct{ w *Watch }

// Search implements review.Library.
func (l library) Search(ctx context.Context, f news.SearchFilter) (news.Search, error) {
	return l.w.Store.Search(ctx, f)
}

// askMost is how many articles are read for a query, and askFor how long.
const (
	askMost = 400
	askStep = 100
	askFor  = time.Second
)

// Ask implements review.Library: of the latest articles that have the words without
// which the query can't match, those that it does match.
func (l library) Ask(ctx context.Context, src string, f news.SearchFilter) (review.Answer, error) {
	var out review.Answer
	engine, err := l.w.Rules.Engine()
	if err != nil {
		return out, err
	}
	q, err := engine.Ask(src)
	if err != nil {
		out.Faults = []string{err.Error()}
		return out, nil
	}
	out.Counts = map[news.SearchFacet]map[string]int{}
	about := sourcesByID(l.w.Sources)
	skip, limit, begun := f.Skip, f.Limit, l.w.Now()
	f.Words, f.Sets = "", q.Sets()
	for f.Skip, f.Limit = 0, askStep; f.Skip < askMost; f.Skip += askStep {
		s, err := l.w.Store.Search(ctx, f)
		if err != nil {
			return out, err
		}
		out.Counts, out.Waiting, out.More = s.Counts, s.Waiting, s.More
		for _, a := range s.Articles {
			src := about[a.Source]
			r := text.Read(a.Article.Title, a.Text, a.Lang)
			out.Looked++
			at, ok := q.Match(r, rules.About{Source: a.Source, Country: src.Country, Ownership: src.Ownership, Languages: src.Languages, URL: a.URL, Date: a.Article.When()})
			if !ok {
				continue
			}
			a.InTitle, a.InText = at.Title, at.Text
			if out.Total++; out.Total > skip && len(out.Articles) < limit {
				out.Articles = append(out.Articles, a)
			}
		}
		if f.Skip+askStep >= s.Total || l.w.Now().Sub(begun) > askFor {
			out.More = f.Skip+askStep < s.Total || s.More
			break
		}
	}
	return out, nil
}

// indexStep is how many articles are made findable in one transaction.
const indexStep = 200

// indexNew makes findable what a cycle filed, for a few seconds at most; what is
// left is done later.
func (w *Watch) indexNew(ctx context.Context) error {
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until) && ctx.Err() == nil; {
		left, err := w.Store.IndexArticles(ctx, indexStep)
		if err != nil || !left {
			return err
		}
	}
	return nil
}

// IndexOlder makes findable what was filed while there was no desk, in small steps
// with rests as long as the work between them, until ctx ends or all is done.
func (w *Watch) IndexOlder(ctx context.Context) error {
	for {
		begun := time.Now()
		left, err := w.Store.IndexArticles(ctx, indexStep)
		if err != nil || !left {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Since(begun)):
		}
	}
}
