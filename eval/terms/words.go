package main

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"driftwatch/rules"
	"driftwatch/text"
)

// A word that ends in * is borne out by what begins with it: of a stem of longStem
// letters or more with at most longTail letters behind it, of a shorter one only by
// what a dictionary's form of a verb adds. More may be another word: чипта begins with
// чип.
const (
	longStem = 5
	longTail = 8
)

// infinitives are the endings with which the languages' dictionaries cite verbs.
var infinitives = []string{
	"у", "ю", "уу", "үү", "оо", "өө", "moq", "ish", "sh", "mak", "mek", "ан", "тан", "дан", "идан", "ондан",
}

// light are words of translations that say too little of a meaning.
var light = strings.Fields(`the and for with from into out off not its who has had have was were are give gave get got take took
	make made put set let will would can could may might one two all any than that this what when where which
	для при под над про без что как так они его это был была было были быть дать взять один`)

// words tells which words of one language's terms the sources have, and by which
// words of the packs' English and Russian terms they translate them.
type words struct {
	lang     string
	terms    map[string][]string        // term → its words, a stem with *
	concepts map[string]map[int]bool    // term → the English and Russian words of its concepts
	places   []string                   // the words that are looked for
	matcher  *text.Matcher              // of places
	found    map[string]map[string]bool // word → the sources that have it
	means    map[string]map[int]bool    // word → English and Russian words by which it is translated
	meanings *text.Matcher              // of those words
	langOf   []string                   // of the meanings' words
	heads    map[string]map[int]bool    // entries of dictionaries that begin like one of the words → by what they are translated
	begins   map[string]bool            // the first letters of the words
	reader   text.Reader
	field    text.Field
	at       []text.Match
}

// newWords prepares the words of those terms of a language that no text has.
func newWords(lang string, counts []rules.TermCount, have attested) (*words, error) {
	w := &words{lang: lang, terms: map[string][]string{}, concepts: map[string]map[int]bool{}, found: map[string]map[string]bool{}, means: map[string]map[int]bool{},
		heads: map[string]map[int]bool{}, begins: map[string]bool{}}
	if err := w.concepted(counts); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, c := range counts {
		if c.Lang != lang || have[c.Term].grade == byText {
			continue
		}
		w.terms[c.Term] = w.split(c.Term)
		for _, one := range w.terms[c.Term] {
			seen[one] = true
			w.begins[begin(one)] = true
		}
	}
	w.places = slices.Sorted(maps.Keys(seen))
	terms := make([]text.Term, len(w.places))
	for i, one := range w.places {
		terms[i] = text.Term{Text: one, Lang: lang}
	}
	var err error
	w.matcher, err = text.NewMatcher(terms)
	return w, err
}

// concepted collects the words of each concept's English and Russian terms.
func (w *words) concepted(counts []rules.TermCount) error {
	index, terms := map[string]int{}, []text.Term{}
	of := map[string]map[int]bool{}
	for _, c := range counts {
		if c.Lang != "en" && c.Lang != "ru" {
			continue
		}
		if of[c.Concept] == nil {
			of[c.Concept] = map[int]bool{}
		}
		for _, one := range w.split(c.Term) {
			bare := strings.TrimSuffix(one, "*")
			if utf8.RuneCountInString(bare) < 3 || slices.Contains(light, bare) {
				continue
			}
			key := c.Lang + one
			at, ok := index[key]
			if !ok {
				at = len(terms)
				index[key] = at
				terms = append(terms, text.Term{Text: one, Lang: c.Lang})
				w.langOf = append(w.langOf, c.Lang)
			}
			of[c.Concept][at] = true
		}
	}
	for _, c := range counts {
		if c.Lang != w.lang {
			continue
		}
		if w.concepts[c.Term] == nil {
			w.concepts[c.Term] = map[int]bool{}
		}
		maps.Copy(w.concepts[c.Term], of[c.Concept])
	}
	var err error
	w.meanings, err = text.NewMatcher(terms)
	return err
}

// split gives the words of a term in small letters, with * behind a stem. Numbers,
// and the gaps between words, are none.
func (w *words) split(term string) []string {
	var out []string
	var f text.Field
	for _, token := range strings.Fields(term) {
		bare := strings.TrimRight(token, "*")
		w.reader.Split(&f, bare)
		for i := range f.Words {
			word := strings.ToLower(f.Word(i))
			if strings.ContainsFunc(word, unicode.IsDigit) {
				continue
			}
			if i == len(f.Words)-1 && bare != token {
				word += "*"
			}
			out = append(out, word)
		}
	}
	return out
}

// verified takes verified terms of one word for entries of a dictionary that
// translates them by the words of their concepts.
func (w *words) verified(terms []string) {
	var f text.Field
	for _, term := range terms {
		parts := w.split(term)
		if len(parts) != 1 {
			continue
		}
		w.reader.Split(&f, strings.TrimSuffix(parts[0], "*"))
		for _, m := range w.matcher.Match(&f, w.lang, nil) {
			one := w.places[m.Term]
			if m.Last-m.First+1 != int32(len(f.Words)) || !bearsOut(one, text.Fold(f.Text)) {
				continue
			}
			if w.found[one] == nil {
				w.found[one] = map[string]bool{}
			}
			w.found[one]["lexicon"] = true
			w.mean(one, w.concepts[term])
		}
	}
}

// data looks for the words in the texts of the measuring data.
func (w *words) data(c *corpus) error {
	c.each(func(t rules.Text) bool {
		if t.Lang == w.lang {
			w.mark(t.Title+"\n"+t.Body, "data")
		}
		return true
	})
	return c.err
}

// read looks for the words in a source.
func (w *words) read(s source, dir string) error {
	return s.linesOf(dir, w.lang, func(line string) {
		head, gloss, _ := strings.Cut(line, "\t")
		found := w.mark(head, s.name)
		if s.kind == "text" || len(w.field.Words) > 3 {
			return
		}
		var meanings map[int]bool
		if gloss != "" {
			meanings = w.gloss(gloss)
		}
		for _, one := range found {
			w.mean(one, meanings)
		}
		if len(w.field.Words) == 1 && w.begins[begin(head)] {
			if w.heads[head] == nil {
				w.heads[head] = map[int]bool{}
			}
			maps.Copy(w.heads[head], meanings)
		}
	})
}

// mark keeps that a source has the words of a text, and gives them.
func (w *words) mark(body, source string) []string {
	w.reader.Split(&w.field, body)
	w.at = w.matcher.Match(&w.field, w.lang, w.at[:0])
	var out []string
	for _, m := range w.at {
		one := w.places[m.Term]
		if !bearsOut(one, text.Fold(w.field.Quote(int(m.First), int(m.Last)))) {
			continue
		}
		if w.found[one] == nil {
			w.found[one] = map[string]bool{}
		}
		w.found[one][source] = true
		out = append(out, one)
	}
	return out
}

// begin is what a word and its dictionary form have in common, at least.
func begin(word string) string {
	r := []rune(text.Fold(strings.TrimSuffix(word, "*")))
	return string(r[:min(len(r), 2)])
}

// bearsOut reports that a word as it is found is the one looked for, and not only
// begins like its stem.
func bearsOut(one, found string) bool {
	stem, cut := strings.CutSuffix(one, "*")
	if !cut {
		return true
	}
	stem = text.Fold(stem)
	tail, ok := strings.CutPrefix(found, stem)
	if !ok {
		return false
	}
	if utf8.RuneCountInString(stem) >= longStem {
		return utf8.RuneCountInString(tail) <= longTail
	}
	return tail == "" || slices.Contains(infinitives, tail)
}

// lemmas bears out the words that no source has in that form, by the dictionaries'
// entries of which they are forms, and negated verbs by the verb.
func (w *words) lemmas() error {
	heads := slices.Sorted(maps.Keys(w.heads))
	terms := make([]text.Term, len(heads))
	roots := map[string][]string{}
	for i, head := range heads {
		terms[i] = text.Term{Text: head, Lang: w.lang}
		for _, root := range rootsOf(w.lang, text.Fold(head)) {
			roots[root] = append(roots[root], head)
		}
	}
	m, err := text.NewMatcher(terms)
	if err != nil {
		return err
	}
	for _, one := range w.places {
		for _, form := range hardened(strings.TrimSuffix(one, "*")) {
			w.reader.Split(&w.field, form)
			if len(w.field.Words) != 1 {
				continue
			}
			w.at = m.Match(&w.field, w.lang, w.at[:0])
			for _, at := range w.at {
				w.lemma(one, heads[at.Term])
			}
			for _, root := range positives(w.lang, text.Fold(form)) {
				for _, head := range roots[root] {
					w.lemma(one, head)
				}
			}
		}
	}
	return nil
}

// lemma bears a word out by an entry of which it is a form.
func (w *words) lemma(one, head string) {
	if w.found[one] == nil {
		w.found[one] = map[string]bool{"forms": true}
	}
	w.mean(one, w.heads[head])
}

// hardened gives a stem, and the stem before its last consonant softened: санкциялыг,
// санкциялык.
func hardened(stem string) []string {
	out := []string{stem}
	for soft, hard := range map[string]string{"г": "к", "ғ": "қ", "б": "п", "g": "k", "b": "p", "jag": "jak", "jeg": "jek"} {
		if bare, ok := strings.CutSuffix(stem, soft); ok {
			out = append(out, bare+hard)
		}
	}
	return out
}

// rootsOf gives what is left of a verb as dictionaries cite it without its ending.
func rootsOf(lang, head string) []string {
	var out []string
	for _, ending := range verbEndings[lang] {
		if root, ok := strings.CutSuffix(head, ending); ok && utf8.RuneCountInString(root) >= 2 {
			out = append(out, root)
		}
	}
	return out
}

// positives gives the roots of which a word may be a negated form.
func positives(lang, word string) []string {
	var out []string
	if lang == "tg" {
		for _, prefix := range []string{"наме", "на"} {
			if root, ok := strings.CutPrefix(word, prefix); ok {
				out = append(out, root, strings.TrimSuffix(root, "анд"), strings.TrimSuffix(root, "ад"))
			}
		}
		return out
	}
	for _, mark := range negations[lang] {
		for from := 0; ; {
			i := strings.Index(word[from:], mark)
			if i < 0 {
				break
			}
			if i+from > 0 {
				out = append(out, word[:i+from])
			}
			from += i + len(mark)
		}
	}
	return out
}

// verbEndings are those with which a language's dictionaries cite verbs; the
// morphological ones cite the bare root.
var verbEndings = map[string][]string{
	"kk": {"", "у", "ю"}, "ky": {"", "уу", "үү", "оо", "өө"}, "uz": {"", "moq", "мок", "mok"}, "tk": {"", "mak", "mek"},
	"tg": {"", "ан", "дан", "тан", "идан", "ондан"},
}

// negations are how verbs are negated behind their root.
var negations = map[string][]string{
	"kk": {"ма", "ме", "ба", "бе", "па", "пе"}, "ky": {"ба", "бе", "бо", "бө", "па", "пе", "по", "пө"},
	"uz": {"ma"}, "tk": {"ma", "me"},
}

// mean keeps by which of the packs' words a word is translated.
func (w *words) mean(one string, meanings map[int]bool) {
	if w.means[one] == nil {
		w.means[one] = map[int]bool{}
	}
	maps.Copy(w.means[one], meanings)
}

// gloss gives the packs' words in a translation.
func (w *words) gloss(gloss string) map[int]bool {
	var f text.Field
	w.reader.Split(&f, gloss)
	lang := "en"
	if strings.ContainsFunc(gloss, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		lang = "ru"
	}
	out := map[int]bool{}
	for _, m := range w.meanings.Match(&f, lang, nil) {
		if w.langOf[m.Term] == lang {
			out[int(m.Term)] = true
		}
	}
	return out
}

// grade grades the terms that no text has.
func (w *words) grade(to attested) {
	for term, parts := range w.terms {
		sources, agrees := map[string]bool{}, false
		complete := len(parts) > 0
		for _, one := range parts {
			complete = complete && w.found[one] != nil
			maps.Copy(sources, w.found[one])
			for meaning := range w.means[one] {
				agrees = agrees || w.concepts[term][meaning]
			}
		}
		names := slices.Sorted(maps.Keys(sources))
		switch {
		case !complete:
		case len(parts) == 1 && !strings.Contains(term, " "):
			to.add(term, byDictionary, names...)
		case agrees && w.lang != "en" && w.lang != "ru":
			to.add(term, byWords, names...)
		}
	}
}
