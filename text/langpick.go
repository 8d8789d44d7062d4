package text

import (
	"math"
	"strings"
)

// The weights of what isn't in the words, in natural logarithms of odds.
const (
	hintOdds    = 3    // for the language that the outlet or page claims
	articleOdds = 5    // for a paragraph to be in its article's language
	leastOdds   = 0.15 // by less than this nothing is told
	wordOdds    = 0.15 // nor by less than this a word, where there are enough Latin words: any of many languages may be meant
	enough      = 8
)

// startOdds are how much less likely a language is than the seven, before
// anything is read.
func startOdds(lang string) float32 {
	switch lang {
	case "en", "ru", "kk", "ky", "uz", "tg", "tk", "uz-Cyrl":
		return 0
	case "tr", "az", "tt", "ba", "kaa", "ug", "uk", "be", "fa", "kk-Latn", "kk-Arab", "tk-Cyrl":
		return -1
	}
	return -2
}

// tally adds up what the words of a stretch of text say.
type tally struct {
	sums    [scriptCount]langSums
	read    [scriptCount]int // words that were added up
	words   [scriptCount]int // words in the script; for Arabic, in any script that isn't one of the others
	joining int              // Latin words that only join others
}

// langReader finds the languages of a reading. Its slice is used again.
type langReader struct {
	tallies []tally // of the paragraphs, the title's first
}

// read fills in the language of a reading and of its paragraphs.
func (lr *langReader) read(r *Reading, hint string) {
	m := languages()
	lr.tallies = lr.tallies[:0]
	var all tally
	for _, f := range [...]*Field{&r.Title, &r.Body} {
		for i := range f.Paragraphs {
			lr.tallies = append(lr.tallies, tally{})
			t := &lr.tallies[len(lr.tallies)-1]
			t.paragraph(m, f, i, all.read[cyrillic]+all.read[latin]+all.read[arabic])
			all.join(t)
		}
	}
	hint = NormalizeLang(hint)
	r.Lang = all.lang(m, hint)
	n := 0
	for _, f := range [...]*Field{&r.Title, &r.Body} {
		for i := range f.Paragraphs {
			f.Paragraphs[i].Lang = lr.tallies[n].paragraphLang(m, r.Lang)
			n++
		}
	}
}

// A text's first words are read, and of a paragraph's words in a script the
// first of every stretch of so many: fewer once the article's language is as
// good as certain.
const (
	readFirst   = 40
	readStretch = 32
	readOf      = 8
	readOfLater = 4
	certain     = 64 // words read
)

// paragraph reads a paragraph, before which so many words of its text were read.
func (t *tally) paragraph(m *langModel, f *Field, i, before int) {
	p := &f.Paragraphs[i]
	first, end := f.Sentences[p.FirstSentence].FirstWord, f.Sentences[p.LastSentence].LastWord+1
	of := readOf
	if before > certain {
		of = readOfLater
	}
	all := readFirst - before
	if n := int(end - first); n <= of+of/2 {
		all = n
	}
	var w spelled
	for k := first; k < end; k++ {
		n := t.count(&f.Words[k])
		if n >= all && n%readStretch >= of {
			continue
		}
		if sc, ok := w.spell(f, int(k)); ok {
			t.sums[sc].addWord(&m[sc], &w, f.Words[k].Hash)
			t.read[sc]++
		}
	}
	for sc := range t.sums {
		t.sums[sc].flush()
	}
}

// count counts a word to its script, and gives how many were counted before.
func (t *tally) count(w *Word) int {
	sc := arabic
	switch {
	case w.Flags&Cyrillic != 0:
		sc = cyrillic
	case w.Flags&Latin != 0:
		sc = latin
		if w.Flags&Initial == 0 && joins(w.Hash) {
			t.joining++
		}
	case w.Flags&Other == 0:
		return readStretch - 1 // figures
	}
	t.words[sc]++
	return t.words[sc] - 1
}

func (t *tally) join(o *tally) {
	for i := range t.sums {
		t.sums[i].join(&o.sums[i])
		t.read[i] += o.read[i]
		t.words[i] += o.words[i]
	}
	t.joining += o.joining
}

// lang is the language of a whole text; hint's where there are no words.
func (t *tally) lang(m *langModel, hint string) string {
	sc, ok := t.script(m)
	if !ok {
		return hint
	}
	lang, odds := t.best(m, sc, hint, hintOdds)
	if n := t.read[sc]; odds < leastOdds || sc == latin && n >= enough && odds < wordOdds*float32(n) {
		return Unknown
	}
	return lang
}

// paragraphLang is the language of a paragraph of an article.
func (t *tally) paragraphLang(m *langModel, article string) string {
	sc, ok := t.script(m)
	if !ok || t.read[sc] < 3 {
		return article
	}
	lang, odds := t.best(m, sc, article, articleOdds)
	if odds < leastOdds || lang == Unknown {
		return article
	}
	return lang
}

// best is the language of a script that the words speak for most, and by how
// much it is ahead of the next.
func (t *tally) best(m *langModel, sc script, favoured string, by float32) (string, float32) {
	table := &m[sc]
	if t.read[sc] == 0 {
		return Unknown, by
	}
	best, next, at := float32(math.Inf(-1)), float32(math.Inf(-1)), 0
	favoured, _, _ = strings.Cut(favoured, "-") // the script is known
	for i := range table.langs {
		s := float32(t.sums[sc].sums[i])*table.unit + table.start[i]
		if table.bases[i] == favoured {
			s += by
		}
		if s > best {
			best, next, at = s, best, i
		} else if s > next {
			next = s
		}
	}
	return table.langs[at], best - next
}

// script is the one that a text is judged by, false where it has no words.
func (t *tally) script(m *langModel) (script, bool) {
	c, l, a := t.words[cyrillic], t.words[latin], t.words[arabic]
	switch {
	case c+l+a == 0:
		return 0, false
	case a > c+l || 4*a >= c+l+a && t.read[arabic] > 0:
		return arabic, true
	case c >= l:
		return cyrillic, true
	case 10*c >= l && !t.prose(m):
		return cyrillic, true
	}
	return latin, true
}

// prose reports whether the Latin words of a text that has Cyrillic ones too
// are sentences, not names and commands: at least every fifth is one that only
// joins others, and not in a name (The Times), or they are clearly in a language of the region.
func (t *tally) prose(m *langModel) bool {
	if 5*t.joining >= t.words[latin] {
		return t.joining > 1
	}
	if t.read[latin] < 4 {
		return false
	}
	lang, odds := t.best(m, latin, "", 0)
	switch lang {
	case "uz", "tk", "kk-Latn", "az", "tr", "kaa-Latn", "ug-Latn":
		return odds > float32(t.read[latin])
	}
	return false
}

// joiningWords are those of English that its sentences can't do without, by the
// upper bits of their hash.
var joiningWords = func() (set [64]uint64) {
	for _, w := range strings.Fields(`the and of to in is was were are that with by from it its be been has have had this will
		would not he she they his her their which who but said or an as`) {
		h := hashString(w)
		set[h>>58] |= 1 << (h >> 52 & 63)
	}
	return set
}()

func joins(hash uint64) bool { return joiningWords[hash>>58]&(1<<(hash>>52&63)) != 0 }
