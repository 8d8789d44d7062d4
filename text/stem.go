package text

import (
	"strings"
	"unicode"
)

// Stem gives how many letters of word i, folded, are left without the longest
// ending that the language's tables know, three at least; all of them where
// there is none or the language isn't known. It is for showing how a word is
// taken apart. Terms aren't found by it: their stems are made from their
// dictionary form, and tell чип from чипсы.
func (f *Field) Stem(i int, lang string) int {
	var buf [MaxWord + 1]rune
	word := f.foldedRunes(buf[:0], i, false)
	langs := langsOf(lang)
	if len(word) > MaxWord || langs == allLangs {
		return len(word)
	}
	nominal, verbal := stemClasses(langs, f.Words[i].Flags)
	n := stemBy(nominal, word, 3)
	if len(word)-n > 2 { // no verb's ending by chance: vazirlik|ning, not vazi|rlikning
		return n
	}
	least := 3
	if langs == langRussian { // сто|л
		least = 4
	}
	return min(n, stemBy(verbal, word, least))
}

// FormsBegin reports that every form of word i, read as a term has it in dictionary
// form, begins with the letters of prefix, in a language; of those of all languages
// where it isn't known. Forms in another script than the word's aren't asked, and a
// stem that is shorter than the prefix is taken to go on as it does.
func (f *Field) FormsBegin(i int, lang, prefix string) bool {
	w := &f.Words[i]
	raw := f.Text[w.Start:w.Stem]
	word, begin := string(foldWord(nil, raw, false)), string(foldWord(nil, prefix, false))
	all := strings.HasPrefix(word, begin)
	latin := w.Flags&Latin != 0
	inflect(word, raw, w.Flags, lang, func(stem string, _ class) {
		all = all && (strings.HasPrefix(stem, begin) || strings.HasPrefix(begin, stem) || strings.ContainsFunc(stem, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) == latin)
	})
	return all
}

func stemBy(list []class, word []rune, least int) int {
	e := allEndings()
	for at := least; at < len(word); at++ {
		for _, c := range list {
			if e.has(c, word, at) {
				return at
			}
		}
	}
	return len(word)
}

// stemClasses are the classes whose endings are taken off first, and if there
// are none, of a language and a script.
func stemClasses(l langSet, flags Flags) (nominal, verbal []class) {
	switch {
	case l == langEnglish:
		return []class{enWord, enDropped, enY}, nil
	case l == langRussian:
		return classRange(ruHard, ruAdjHush), classRange(ruPast, ruPres2V)
	case l == langKazakh && flags&Latin == 0:
		return []class{kkNoun}, []class{kkVerb}
	case l == langKyrgyz:
		return []class{kyNoun}, []class{kyVerb}
	case l == langUzbek && flags&Latin != 0:
		return []class{uzNoun}, []class{uzVerb}
	case l == langUzbek:
		return []class{uzcNoun}, []class{uzcVerb}
	case l == langTajik:
		return []class{tgNoun}, []class{tgVerb}
	case l == langTurkmen && flags&Latin != 0:
		return []class{tkNoun}, []class{tkVerb}
	}
	return nil, nil
}

func classRange(first, last class) []class {
	list := make([]class, 0, last-first+1)
	for c := first; c <= last; c++ {
		list = append(list, c)
	}
	return list
}
