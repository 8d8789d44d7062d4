package watch

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/text"
)

// library searches what is stored.
type library struct{ w *Watch }

// Search implements review.Library.
func (l library) Search(ctx context.Context, f news.SearchFilter) (news.Search, error) {
	return l.w.Store.Search(ctx, f)
}

// askFor is how long articles are read for a query, after the first askLeast of them.
const (
	askLeast = 50
	askFor   = 50 * time.Millisecond
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
		out.Faults = strings.Split(err.Error(), "\n") // a line each
		return out, nil
	}
	about := sourcesByID(l.w.sources())
	var begun time.Time
	f.Words = ""
	out.Search, err = l.w.Store.Sift(ctx, f, q.Sets(), func(part []news.FoundArticle) (kept []news.FoundArticle, more bool) {
		if out.Looked == 0 {
			begun = l.w.Now()
		}
		out.Looked += len(part)
		for i, at := range l.match(q, part, about) {
			if at != nil {
				part[i].InTitle, part[i].InText = at.Title, at.Text
				kept = append(kept, part[i])
			}
		}
		return kept, out.Looked < askLeast || l.w.Now().Sub(begun) < askFor
	})
	return out, err
}

// match reads articles, several at once, and says where the query matches each; nil:
// it doesn't.
func (l library) match(q *rules.Question, articles []news.FoundArticle, about map[string]news.Source) []*rules.Asked {
	out := make([]*rules.Asked, len(articles))
	var next atomic.Int64
	var readers sync.WaitGroup
	for range min(runtime.NumCPU(), len(articles)) {
		readers.Go(func() {
			var rd text.Reader
			var r text.Reading
			for i := int(next.Add(1)) - 1; i < len(articles); i = int(next.Add(1)) - 1 {
				a := &articles[i]
				src := about[a.Source]
				rd.Read(&r, a.Article.Title, a.Text, a.Lang)
				if at, ok := q.Match(&r, rules.About{Source: a.Source, Country: src.Country, Ownership: src.Ownership, Languages: src.Languages, URL: a.URL, Date: a.Article.When()}); ok {
					out[i] = &at
				}
			}
		})
	}
	readers.Wait()
	return out
}

// indexStep is how many articles are made findable in one transaction.
const indexStep = 200

// indexNew makes findable what a cycle filed, n articles, for a few seconds at most;
// what is left, and what was filed before, is done beside the cycles.
func (w *Watch) indexNew(ctx context.Context, n int) error {
	for until := time.Now().Add(5 * time.Second); n > 0 && time.Now().Before(until) && ctx.Err() == nil; n -= indexStep {
		left, err := w.Store.IndexArticles(ctx, min(n, indexStep))
		if err != nil || !left {
			return err
		}
	}
	return nil
}

// indexAgain is how long after all was findable it is looked whether that still
// holds: cycles of another process file without making findable.
const indexAgain = time.Minute

// IndexOlder makes findable what was filed while there was no desk, in small steps
// with rests as long as the work between them, until ctx ends. What the cycles of
// others file follows within a minute or so, and so does what another process that
// writes for long was in the way of.
func (w *Watch) IndexOlder(ctx context.Context) error {
	for {
		begun := time.Now()
		left, err := w.Store.IndexArticles(ctx, indexStep)
		busy := errors.Is(err, store.ErrBusy)
		if err != nil && !busy {
			return err
		}
		rest := time.Since(begun)
		if !left || busy {
			rest = indexAgain
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(rest):
		}
	}
}
