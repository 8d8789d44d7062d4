package text

import (
	"strings"
	"sync"
)

// class names a set of endings that the same stems take.
type class uint16

const (
	classExact  class = iota // nothing
	classPrefix              // whatever, up to maxTail letters
	classEnglish
	classEnglishDropped
	classRussian
	classes
)

// langSet is a set of languages, a bit each.
type langSet uint16

const (
	langEnglish langSet = 1 << iota
	langRussian
	langKazakh
	langKyrgyz
	langUzbek
	langTajik
	langTurkmen
	allLangs langSet = 1<<iota - 1
)

// langsOf gives the endings that a text or a term of a language takes: those
// of all languages where it isn't known.
func langsOf(lang string) langSet {
	base, _, _ := strings.Cut(lang, "-")
	switch base {
	case "en":
		return langEnglish
	case "ru":
		return langRussian
	case "kk":
		return langKazakh
	case "ky":
		return langKyrgyz
	case "uz":
		return langUzbek
	case "tg":
		return langTajik
	case "tk":
		return langTurkmen
	}
	return allLangs
}

// endings answers whether an ending belongs to a class.
type endings struct {
	langs [classes]langSet
	sets  map[string]*[(classes + 63) / 64]uint64
}

var allEndings = sync.OnceValue(func() *endings {
	e := &endings{sets: map[string]*[(classes + 63) / 64]uint64{}}
	e.langs[classExact], e.langs[classPrefix] = allLangs, allLangs
	e.add(classEnglish, langEnglish, []string{"s", "es", "ed", "ing", "d"})
	e.add(classEnglishDropped, langEnglish, []string{"ies", "ied", "ing", "ed", "es"})
	e.add(classRussian, langRussian, strings.Fields(`а я о е ы и у ю ь й ой ей ом ем ам ям ами ями ах ях ов ев ою ею
		ии ию ией иям иями иях ий ия ого ому ым ую ая ое ые ых ыми ил ила или ило ит ят ен ена ено ены енный`))
	return e
})

func (e *endings) add(c class, l langSet, list []string) {
	e.langs[c] = l
	for _, s := range list {
		set := e.sets[s]
		if set == nil {
			set = new([(classes + 63) / 64]uint64)
			e.sets[s] = set
		}
		set[c/64] |= 1 << (c % 64)
	}
}

func (e *endings) has(c class, ending []rune) bool {
	switch {
	case c == classPrefix:
		return len(ending) <= maxTail
	case len(ending) == 0 && c == classExact:
		return true
	case c == classExact:
		return false
	}
	set := e.sets[string(ending)]
	return set != nil && set[c/64]>>(c%64)&1 != 0
}

// inflect gives the stems of a folded word and the classes of endings that
// they take.
func inflect(word string, flags Flags, lang string, stem func(string, class)) {
	langs := langsOf(lang)
	if flags&Latin != 0 && langs&langEnglish != 0 {
		stem(word, classEnglish)
		if t, ok := strings.CutSuffix(word, "e"); ok {
			stem(t, classEnglishDropped)
		} else if t, ok := strings.CutSuffix(word, "y"); ok {
			stem(t, classEnglishDropped)
		}
	}
	if flags&Cyrillic != 0 && langs&langRussian != 0 {
		t := strings.TrimRight(word, "аяоеыиуюьй")
		stem(t, classRussian)
		stem(word, classRussian)
	}
}
