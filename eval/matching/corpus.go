package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"driftwatch/text"
)

// corpus is what is searched.
type corpus struct {
	articles  []string
	langs     []string
	folded    []string
	words     []string // of the texts, each once
	sentences []string
	size      int // bytes of all articles
	from      string
}

// shares are the languages' shares of the articles, in percent.
var shares = []struct {
	lang  string
	share int
}{{"ru", 48}, {"kk", 15}, {"ky", 12}, {"en", 10}, {"uz", 7}, {"tg", 5}, {"tk", 3}}

// articleSize is how long an article is, in bytes.
const articleSize = 3700

// readCorpus puts n articles together from the sentences of the data, in runs
// of two to eight; without the data from made-up words.
func readCorpus(data string, n int) (*corpus, error) {
	rnd := rand.New(rand.NewPCG(24, 11))
	pools, err := sentences(data)
	from := "real sentences put together"
	if err != nil {
		return nil, err
	}
	if len(pools) == 0 {
		pools, from = fakeSentences(rnd), fmt.Sprintf("made-up words, for there are no texts in %s", data)
	}
	c := &corpus{from: from}
	seen := map[string]bool{}
	for i := range n {
		lang := langOf(i * 37 % 100)
		a := article(rnd, pools[lang])
		c.articles, c.langs = append(c.articles, a), append(c.langs, lang)
		c.size += len(a)
	}
	for _, lang := range []string{"ru", "kk", "ky", "en", "uz", "tg", "tk"} {
		c.sentences = append(c.sentences, pools[lang]...)
		for _, s := range pools[lang] {
			for w := range strings.FieldsSeq(text.Fold(s)) {
				if !seen[w] && utf8.RuneCountInString(w) > 3 {
					seen[w] = true
					c.words = append(c.words, w)
				}
			}
		}
	}
	return c, nil
}

func langOf(percent int) string {
	for _, s := range shares {
		if percent < s.share {
			return s.lang
		}
		percent -= s.share
	}
	return shares[0].lang
}

func article(rnd *rand.Rand, pool []string) string {
	var b strings.Builder
	for {
		at := rnd.IntN(len(pool))
		for _, s := range pool[at:min(at+2+rnd.IntN(7), len(pool))] {
			if b.Len()+len(s)/2 >= articleSize {
				return b.String()
			}
			b.WriteString(s)
			b.WriteByte(' ')
		}
		b.WriteString("\n\n")
	}
}

// sentences reads the pools of the languages; none where there is no data.
func sentences(data string) (map[string][]string, error) {
	pools := map[string][]string{}
	for _, name := range []string{"language/train.jsonl", "language/ntrex.jsonl", "language/sib200.jsonl", "stream/uzbekistan_ru.jsonl"} {
		f, err := os.Open(filepath.Join(data, name))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		err = readPool(f, pools)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for lang, pool := range pools {
		pools[lang] = slices.DeleteFunc(pool, func(s string) bool { return len(s) < 20 })
	}
	return pools, nil
}

func readPool(f *os.File, pools map[string][]string) error {
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		doc := struct{ Lang, Text string }{Lang: "ru"}
		if err := json.Unmarshal(lines.Bytes(), &doc); err != nil {
			return err
		}
		for line := range strings.Lines(doc.Text) {
			pools[doc.Lang] = append(pools[doc.Lang], strings.TrimSpace(line))
		}
	}
	return lines.Err()
}

// fakeSentences are pools of made-up words.
func fakeSentences(rnd *rand.Rand) map[string][]string {
	pools := map[string][]string{}
	for _, s := range shares {
		vocabulary := make([]string, 30_000)
		for i := range vocabulary {
			vocabulary[i] = fakeWord(rnd, s.lang == "en" || s.lang == "uz" || s.lang == "tk", 1+rnd.IntN(4))
		}
		for range 2000 {
			words := make([]string, 6+rnd.IntN(14))
			for k := range words { // a few words make most of a text
				words[k] = vocabulary[int(float64(len(vocabulary))*rnd.Float64()*rnd.Float64()*rnd.Float64())]
			}
			pools[s.lang] = append(pools[s.lang], capital(strings.Join(words, " "))+".")
		}
	}
	return pools
}
