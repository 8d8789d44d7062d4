// Command matching measures the matcher of terms and names, on one core, beside
// vectorscan and the Aho-Corasick libraries of Go, in one run.
//
// The matcher gets raw text, and finds every inflected form of every term, with
// its place, sentence and paragraph. The others look for exact strings in text
// that was folded for them, which isn't charged to them.
//
// The texts are articles of 3.7 KB put together from real sentences of the
// evaluation's data, in the languages' shares. The names are synthetic: no list
// of real ones can be shipped. Two thirds are made-up persons of two or three
// words, a third companies whose words are partly words of the texts, and a few
// are pieces of the texts, so that something is found: far more than of a real
// list. A second list of the large size has no words of the texts, and so finds
// about as little as a list of sanctioned persons and companies does. With both
// large lists the whole way of an article is measured, too, from its text to its
// hits, with the embedded packs.
//
// Times are the processor's, best of several passes, so that other work on the
// machine counts little; GOMAXPROCS is 1, but for building.
//
// It is run from the module that it is in:
//
//	cd eval && go run ./matching
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"driftwatch/eval/section"
	"driftwatch/text"
)

// options are what may be asked for.
type options struct {
	data     string
	sizes    []int
	articles int
	passes   int
	peers    bool
}

func main() {
	var o options
	var large int
	flag.StringVar(&o.data, "data", section.Folder(), "folder of the evaluation's data")
	flag.IntVar(&large, "names", 1_000_000, "names in the large list")
	flag.IntVar(&o.articles, "articles", 5000, "articles in the texts")
	flag.IntVar(&o.passes, "passes", 5, "passes, of which the best counts")
	flag.BoolVar(&o.peers, "peers", true, "measure the others too")
	flag.Parse()
	o.sizes = []int{30_000, large}
	runtime.GOMAXPROCS(1)
	if err := o.run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "matching:", err)
		os.Exit(1)
	}
}

func (o options) run(w io.Writer) error {
	c, err := readCorpus(o.data, o.articles)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d articles, %.1f MB, %s; names are synthetic; processor time of one core, best of %d passes\n\n", len(c.articles), mb(c.size), c.from, o.passes)
	reading(w, c, o.passes)
	fold(c)
	for _, n := range o.sizes {
		names := fakeNames(c.words, c.sentences, n)
		fmt.Fprintf(w, "\n%d names\n", n)
		own := measureOwn(w, c, names, o.passes)
		if !o.peers {
			continue
		}
		for _, p := range peers(n) {
			rate, err := measurePeer(w, c, names, p)
			if err != nil {
				fmt.Fprintf(w, "  %-34s %v\n", p.name, err)
				continue
			}
			fmt.Fprintf(w, "  %-34s %.1f times the rate of %s\n", "  Driftwatch, all forms:", own/rate, p.name)
		}
		if note := noVectorscan; note != "" {
			fmt.Fprintln(w, " ", note)
		}
	}
	large := o.sizes[len(o.sizes)-1]
	if err := whole(w, c, fakeNames(c.words, c.sentences, large), o.passes); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%d names, none of whose words are from the texts\n", large)
	sparse := sparseNames(large)
	measureOwn(w, c, sparse, o.passes)
	return whole(w, c, sparse, o.passes)
}

// reading measures what comes before matching.
func reading(w io.Writer, c *corpus, passes int) {
	var rd text.Reader
	var r text.Reading
	d := best(passes, len(c.articles), func(first, last int) {
		for _, a := range c.articles[first:last] {
			rd.Split(&r.Body, a)
		}
	})
	report(w, "words and sentences", c, d, "")
	d = best(passes, len(c.articles), func(first, last int) {
		for _, a := range c.articles[first:last] {
			rd.Read(&r, "", a, "")
		}
	})
	report(w, "words, sentences and language", c, d, "")
}

// measureOwn measures the matcher and gives its rate with all forms, in MB/s.
func measureOwn(w io.Writer, c *corpus, names []string, passes int) float64 {
	var rate float64
	for _, mode := range []text.Mode{text.Exact, text.Inflected} {
		before := heap()
		m, took, build := built(names, mode)
		var rd text.Reader
		var f text.Field
		var ms []text.Match
		found := 0
		for i, a := range c.articles {
			rd.Split(&f, a)
			ms = m.Match(&f, c.langs[i], ms[:0])
			found += len(ms)
		}
		index := heap() - before // with what is kept of the texts' words
		d := best(passes, len(c.articles), func(first, last int) {
			for i, a := range c.articles[first:last] {
				rd.Split(&f, a)
				ms = m.Match(&f, c.langs[first+i], ms[:0])
			}
		})
		kind := "Driftwatch, exact"
		if mode == text.Inflected {
			kind = "Driftwatch, all forms"
			rate = mb(c.size) / d.Seconds()
		}
		report(w, kind, c, d, fmt.Sprintf("%.1f found an article; built in %.1f s on %d cores, %.1f s of the processor, %.0f MB, with the strings %.0f MB",
			float64(found)/float64(len(c.articles)), took.Seconds(), runtime.NumCPU(), build.Seconds(), index/1e6, (index+stringBytes(names))/1e6))
		if mode == text.Inflected {
			var r text.Reading
			d := best(passes, len(c.articles), func(first, last int) {
				for _, a := range c.articles[first:last] {
					rd.Read(&r, "", a, "")
					ms = m.Match(&r.Body, r.Lang, ms[:0])
				}
			})
			report(w, "with the language", c, d, "")
		}
		runtime.KeepAlive(m)
	}
	return rate
}

// built makes a matcher on all cores, and says how long that took by the clock
// and on the processor.
func built(names []string, mode text.Mode) (m *text.Matcher, took, processor time.Duration) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(runtime.NumCPU()))
	begun, start := time.Now(), cpu()
	b := text.NewBuilder()
	for _, n := range names {
		if _, err := b.Add(&text.Term{Text: n, Mode: mode}); err != nil {
			panic(err)
		}
	}
	m = b.Matcher()
	return m, time.Since(begun), cpu() - start
}

func stringBytes(names []string) float64 {
	n := 0
	for _, s := range names {
		n += len(s) + 16 // and the string's header
	}
	return float64(n)
}

// measurePeer measures another matcher on folded texts and gives its rate.
func measurePeer(w io.Writer, c *corpus, names []string, p peer) (float64, error) {
	folded := make([]string, 0, len(names))
	seen := make(map[string]bool, len(names))
	for _, n := range names {
		if f := text.Fold(n); !seen[f] {
			seen[f] = true
			folded = append(folded, f)
		}
	}
	clear(seen)
	before := heap()
	start := cpu()
	m, err := p.build(folded)
	if err != nil {
		return 0, err
	}
	build := cpu() - start
	index := heap() - before
	found := 0
	d := best(p.passes, len(c.folded), func(first, last int) {
		if first == 0 {
			found = 0
		}
		for _, a := range c.folded[first:last] {
			found += m.count(a)
		}
	})
	report(w, p.name, c, d, fmt.Sprintf("%.1f found an article; built in %.1f s, %.0f MB on Go's heap",
		float64(found)/float64(len(c.articles)), build.Seconds(), index/1e6))
	m.close()
	return mb(c.size) / d.Seconds(), nil
}

func report(w io.Writer, name string, c *corpus, d time.Duration, more string) {
	fmt.Fprintf(w, "  %-34s %7.1f MB/s %7.1f µs an article   %s\n", name, mb(c.size)/d.Seconds(),
		float64(d.Microseconds())/float64(len(c.articles)), more)
}

func mb(n int) float64 { return float64(n) / 1e6 }

// block is how many articles are timed at once, a few milliseconds: few enough
// that in some pass nothing else disturbs them, enough for the clock.
const block = 50

// best is the processor time that all articles take: of each block the least
// of several passes. f gets the articles from the first to before the last.
func best(passes, articles int, f func(first, last int)) time.Duration {
	least := make([]time.Duration, (articles+block-1)/block)
	for pass := range passes {
		for i := range least {
			start := cpu()
			f(i*block, min((i+1)*block, articles))
			if d := cpu() - start; pass == 0 || d < least[i] {
				least[i] = d
			}
		}
	}
	var sum time.Duration
	for _, d := range least {
		sum += d
	}
	return sum
}

// cpu is the processor time that the process has used.
func cpu() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// heap is what is in use on Go's heap, in bytes.
func heap() float64 {
	runtime.GC()
	debug.FreeOSMemory()
	var ms runtime.MemStats
	runtime.ReadMemStats(&ms)
	return float64(ms.HeapAlloc)
}

// fold folds the texts for the others.
func fold(c *corpus) {
	c.folded = make([]string, len(c.articles))
	for i, a := range c.articles {
		c.folded[i] = " " + strings.TrimSpace(text.Fold(a)) + " "
	}
}
