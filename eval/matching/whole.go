package main

import (
	"fmt"
	"io"
	"runtime"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
	"driftwatch/text/names"
	"driftwatch/watch"
)

// flagger does with an article what a cycle does: words and language, then the
// names of a list and those of the packs, then the packs' signals.
type flagger struct {
	rules *rules.Engine
	names *names.Gazetteer

	reader  text.Reader
	reading text.Reading
	named   []rules.Named
}

func newFlagger(list []string) (*flagger, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(runtime.NumCPU()))
	engine, err := rules.Load(configs.FS())
	if err != nil {
		return nil, err
	}
	known, err := watch.LoadNames(func(add func(news.Name) error) error {
		for i, n := range list {
			if err := add(news.Name{ID: fmt.Sprint("made-up-", i), Kind: "other", Spellings: []string{n}}); err != nil {
				return err
			}
		}
		return nil
	})
	return &flagger{rules: engine, names: known}, err
}

// flag gives the hits of an article, and how many names stand in it.
func (f *flagger) flag(article string) (hits []news.Hit, named int) {
	f.reader.Read(&f.reading, "", article, "")
	f.named = watch.AppendNamed(f.named[:0], f.names, &f.reading)
	hits, _ = f.rules.Read(&f.reading, rules.About{Names: f.named})
	return hits, len(f.named)
}

// whole measures the whole way of an article with the embedded packs and a list of
// names; those that are flagged apart, as a hit is made of memory.
func whole(w io.Writer, c *corpus, list []string, passes int) error {
	f, err := newFlagger(list)
	if err != nil {
		return err
	}
	var quiet, flagged corpus
	found := 0
	for _, a := range c.articles {
		hits, named := f.flag(a)
		found += named
		into := &quiet
		if len(hits) > 0 {
			into = &flagged
		}
		into.articles = append(into.articles, a)
		into.size += len(a)
	}
	fmt.Fprintf(w, "  the whole way: read, %d names, the packs' rules; %.1f names found an article\n", f.names.Len(), float64(found)/float64(len(c.articles)))
	for _, one := range []struct {
		name string
		of   *corpus
	}{{"articles without a hit", &quiet}, {"articles with a hit", &flagged}} {
		if len(one.of.articles) == 0 {
			continue
		}
		all := func(first, last int) {
			for _, a := range one.of.articles[first:last] {
				f.flag(a)
			}
		}
		d := best(passes, len(one.of.articles), all)
		n := float64(len(one.of.articles))
		bytes, objects := garbage(func() { all(0, len(one.of.articles)) })
		report(w, one.name, one.of, d, fmt.Sprintf("n=%.0f; garbage: %.0f bytes in %.2f pieces an article", n, bytes/n, objects/n))
	}
	return nil
}

// garbage is what f allocates, in bytes and in pieces.
func garbage(f func()) (bytes, pieces float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc), float64(after.Mallocs - before.Mallocs)
}
