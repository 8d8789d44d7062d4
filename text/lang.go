package text

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// NormalizeLang gives a language in the form that the program uses: a BCP 47
// code of two letters where there is one, with a script only where it isn't
// the usual one ("uz" is Latin, "uz-Cyrl" isn't). What it can't read is "und".
func NormalizeLang(s string) string {
	if _, ok := usualScript[s]; ok {
		return s
	}
	s = strings.ToLower(strings.TrimSpace(strings.ReplaceAll(s, "_", "-")))
	parts := strings.Split(s, "-")
	lang := parts[0]
	if full, ok := langNames[lang]; ok {
		lang = full
	}
	if len(lang) < 2 || len(lang) > 3 || strings.Trim(lang, "abcdefghijklmnopqrstuvwxyz") != "" {
		return Unknown
	}
	for _, p := range parts[1:] {
		if len(p) != 4 {
			continue
		}
		script := strings.ToUpper(p[:1]) + p[1:]
		if usual, ok := usualScript[lang]; ok && usual != script {
			return lang + "-" + script
		}
	}
	return lang
}

// Unknown is the language of a text that is none of those that are read.
const Unknown = "und"

var usualScript = map[string]string{
	"en": "Latn", "ru": "Cyrl", "kk": "Cyrl", "ky": "Cyrl", "uz": "Latn", "tg": "Cyrl", "tk": "Latn",
	"tr": "Latn", "az": "Latn", "tt": "Cyrl", "ba": "Cyrl", "uk": "Cyrl", "be": "Cyrl", "fa": "Arab",
	"kaa": "Latn", "ug": "Arab",
}

// langNames are the other names that outlets and pages give to languages: ISO
// 639-2 and -3, country codes used by mistake, and names.
var langNames = map[string]string{
	"eng": "en", "english": "en", "gb": "en", "us": "en",
	"rus": "ru", "russian": "ru",
	"kaz": "kk", "kz": "kk", "kazakh": "kk", "qazaq": "kk", "qaz": "kk",
	"kir": "ky", "kg": "ky", "kyr": "ky", "kyrgyz": "ky",
	"uzb": "uz", "uzn": "uz", "uzbek": "uz", "oz": "uz",
	"tgk": "tg", "tj": "tg", "tajik": "tg",
	"tuk": "tk", "tm": "tk", "turkmen": "tk",
	"tur": "tr", "turkish": "tr", "aze": "az", "azj": "az", "azerbaijani": "az",
	"tat": "tt", "bak": "ba", "ukr": "uk", "ua": "uk", "bel": "be", "by": "be",
	"fas": "fa", "per": "fa", "pes": "fa", "prs": "fa", "uig": "ug",
}

// Detect gives the language of a text. hint is the language that its outlet or
// page claims, in any form that NormalizeLang reads; the longer the text, the
// less the hint counts. A text without letters is in the hint's language.
func Detect(s, hint string) string {
	return Read("", s, hint).Lang
}

//go:embed languages.txt
var languagesFile string

// model is what tells languages apart: logarithms of how often a letter, the
// last two letters of a word, and a word occur in each.
type model struct {
	langs   []string
	scripts []Flags // of each language: Cyrillic, Latin or Other
	letters [tableSize]scores
	ends    scoreTable
	words   scoreTable
}

const maxLangs = 32

type scores [maxLangs]float32

type scoreTable struct {
	index hashTable
	rows  []scores
}

// The logarithms of what isn't in the tables.
var (
	rareLetter = log(1)
	rareEnd    = log(8)
	rareWord   = log(3)
)

// letterWeight is less than 1 because letters depend on each other, and what
// the ends and the words say is already in them.
const letterWeight = 0.6

// hintWeight is by how much the hinted language is ahead.
const hintWeight = 4

// rareLangs start behind: a short text is hardly ever in them.
var rareLangs = map[string]float32{
	"tt": -1, "ba": -1, "uk": -1, "be": -1, "az": -1, "tr": -1, "tk-Cyrl": -4, "kaa-Cyrl": -4, "sah": -4, "mn": -2, "kk-Latn": -2,
	"de": -3, "fr": -3, "es": -3, "it": -3, "pl": -3,
}

func log(perTenThousand float64) float32 { return float32(math.Log(perTenThousand / 10000)) }

var languages = sync.OnceValue(func() *model { return parseModel(languagesFile) })

func parseModel(file string) *model {
	m := new(model)
	for i := range m.letters {
		m.letters[i] = filled(rareLetter * letterWeight)
	}
	for line := range strings.Lines(file) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		at := len(m.langs) - 1
		switch kind {
		case "lang":
			m.langs = append(m.langs, rest)
			m.scripts = append(m.scripts, 0)
		case "letters":
			for r, p := range counted(rest) {
				c, _ := utf8.DecodeRuneInString(r)
				m.letters[c][at] = log(p) * letterWeight
				if k := Flags(letters[c].kind) & (Cyrillic | Latin | Other); p > 50 {
					m.scripts[at] = k
				}
			}
		case "ends":
			for s, p := range counted(rest) {
				m.ends.row(s, rareEnd)[at] = log(p)
			}
		case "words":
			for s, p := range counted(rest) {
				m.words.row(s, rareWord)[at] = log(p)
			}
		}
	}
	return m
}

func filled(v float32) (s scores) {
	for i := range s {
		s[i] = v
	}
	return s
}

// counted gives the strings of a line and the numbers behind them.
func counted(line string) func(func(string, float64) bool) {
	return func(yield func(string, float64) bool) {
		for f := range strings.FieldsSeq(line) {
			s := strings.TrimRight(f, "0123456789")
			n, err := strconv.ParseFloat(f[len(s):], 64)
			if err != nil || !yield(s, n) {
				return
			}
		}
	}
}

func (t *scoreTable) row(s string, rare float32) *scores {
	h := hashRunes([]rune(s))
	i := t.index.get(h)
	if i == 0 {
		t.rows = append(t.rows, filled(rare))
		i = uint32(len(t.rows))
		t.index.put(h, i)
	}
	return &t.rows[i-1]
}

// sample is how many words of a text are looked at.
const sample = 150

// detect gives the language of a reading.
func detect(r *Reading, hint string) string {
	hint = NormalizeLang(hint)
	script, words := scriptOf(r)
	if words == 0 {
		return hint
	}
	t := tally{model: languages()}
	t.add(&r.Title, script)
	t.add(&r.Body, script)
	if t.words == 0 {
		return Unknown
	}
	return t.best(script, hint)
}

// scriptOf is the script that a reading is judged by, and how many words are
// in any. A text with names and commands in Latin letters is still Cyrillic.
func scriptOf(r *Reading) (Flags, int) {
	var cyr, lat, other int
	for _, f := range []*Field{&r.Title, &r.Body} {
		for i := range f.Words {
			switch fl := f.Words[i].Flags; {
			case fl&Cyrillic != 0:
				cyr++
			case fl&Latin != 0:
				lat++
			case fl&Other != 0:
				other++
			}
		}
	}
	all := cyr + lat + other
	switch {
	case 4*cyr >= all:
		return Cyrillic, all
	case 4*other >= all:
		return Other, all
	}
	return Latin, all
}

// tally adds up what the words of a text say.
type tally struct {
	model *model
	count [tableSize]uint16
	seen  [256]uint16 // letters of count that aren't 0, as far as there is room
	kinds int         // of letters in seen
	sum   scores
	words int
}

func (t *tally) add(f *Field, script Flags) {
	for i := range f.Words {
		w := &f.Words[i]
		if t.words == sample {
			return
		}
		if w.Flags&script == 0 || w.Flags&Digit != 0 {
			continue
		}
		t.addWord(f, w)
	}
}

func (t *tally) addWord(f *Field, w *Word) {
	var last, before rune
	n := 0
	for _, r := range f.Text[w.Start:w.Stem] {
		if r >= tableSize {
			continue
		}
		if l := letters[r].fold; l != 0 && l < tableSize {
			before, last = last, rune(l)
			if t.count[l]++; t.count[l] == 1 && t.kinds < len(t.seen) {
				t.seen[t.kinds] = l
				t.kinds++
			}
			n++
		}
	}
	if n == 0 {
		return
	}
	t.words++
	t.sum.add(t.model.words.of(w.Hash))
	if n > 2 {
		t.sum.add(t.model.ends.of(mix(mix(hashSeed, uint64(before)), uint64(last))))
	}
}

// of gives a row, nil for one whose scores are all the same.
func (t *scoreTable) of(hash uint64) *scores {
	if i := t.index.get(hash); i != 0 {
		return &t.rows[i-1]
	}
	return nil
}

func (s *scores) add(o *scores) {
	if o == nil {
		return
	}
	for i := range s {
		s[i] += o[i]
	}
}

// best is the language that the words speak for most.
func (t *tally) best(script Flags, hint string) string {
	m := t.model
	for _, r := range t.seen[:t.kinds] {
		n, row := float32(t.count[r]), &m.letters[r]
		for i := range t.sum {
			t.sum[i] += n * row[i]
		}
	}
	best, at := float32(math.Inf(-1)), -1
	for i, lang := range m.langs {
		if m.scripts[i]&script == 0 {
			continue
		}
		s := t.sum[i] + rareLangs[lang]
		if base, _, _ := strings.Cut(lang, "-"); lang == hint || base == hint {
			s += hintWeight
		}
		if s > best {
			best, at = s, i
		}
	}
	if at < 0 || t.strange(at) {
		return Unknown
	}
	return m.langs[at]
}

// strange reports whether a language lacks more than a fifth of the letters
// that were read.
func (t *tally) strange(lang int) bool {
	all, lacking := 0, 0
	for _, r := range t.seen[:t.kinds] {
		n := int(t.count[r])
		all += n
		if t.model.letters[r][lang] == rareLetter*letterWeight {
			lacking += n
		}
	}
	return 5*lacking > all
}
