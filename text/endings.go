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
	enWord
	enName
	enDropped
	enY
	ruHard
	ruVelar
	ruHush
	ruTs
	ruSoft
	ruYot
	ruSign
	ruSignM
	ruNightF
	ruFemA
	ruFemK
	ruFemTs
	ruFemYa
	ruIya
	ruNeutO
	ruNeutTs
	ruNeutE
	ruIye
	ruPlural
	ruMen
	ruName
	ruIn
	ruYat
	ruBrat
	ruPeople
	ruAdjHard
	ruAdjVelar
	ruAdjSoft
	ruAdjHush
	ruThird
	ruYes
	ruAdjFem
	ruAdjNeut
	ruPast
	ruPastC
	ruShod
	ruShl
	ruPresV
	ruPresC
	ruPresN
	ruPresB
	ruPresG
	ruPresJ
	ruPres2
	ruPres2H
	ruPres2V
	ruFirst
	ruGive
	ruPassN
	ruPassEn
	ruPassT
	ruPastSya
	ruPastCSya
	ruShodSya
	ruShlSya
	ruPresVSya
	ruPresCSya
	ruPresNSya
	ruPresGSya
	ruPresJSya
	ruPres2Sya
	ruPres2HSya
	ruPres2VSya
	ruFirstSya
	ruGiveSya
	ruPastPas
	ruPresVPas
	ruPres2Pas
	ruPres2HPas
	kkNoun
	kkVerb
	kkNounVowel
	kkVerbVowel
	kkDropped
	kkOwned
	kkLoose
	kyNoun
	kyVerb
	kyNounVowel
	kyVerbVowel
	kyDropped
	kyOwned
	kyLoose
	uzNoun
	uzVerb
	uzNounVowel
	uzVerbVowel
	uzcNoun
	uzcVerb
	uzcNounVowel
	uzcVerbVowel
	tkNoun
	tkVerb
	tkNounVowel
	tkOwned
	tkVerbVowel
	tgNoun
	tgVerb
	kkLatin // the Kazakh classes again, for each Latin orthography

	kazakhClasses  = kkLoose - kkNoun + 1 // and Kyrgyz ones
	turkmenClasses = tkVerbVowel - tkNoun + 1
	kyLegacy       = kkLatin + 3*kazakhClasses
	tkCyrillic     = kyLegacy + kazakhClasses // the Turkmen classes in Cyrillic letters
	classes        = tkCyrillic + turkmenClasses
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

// endings answers whether an ending belongs to a class: by a table for
// languages whose endings can be listed, by a grammar for those that chain
// them.
type endings struct {
	langs  [classes]langSet
	index  hashTable // an ending's hash → its place in sets, +1
	sets   []classSet
	chains [classes]chain
}

// classSet is a set of classes, a bit each.
type classSet [(classes + 63) / 64]uint64

// chain is where in a grammar the endings of a class begin.
type chain struct {
	grammar *grammar
	state   int
	vowel   bool         // only with an ending that begins with a vowel
	script  *orthography // what has to be spelled back for the grammar
}

var allEndings = sync.OnceValue(func() *endings {
	e := new(endings)
	e.langs[classExact], e.langs[classPrefix] = allLangs, allLangs
	addEnglish(e)
	addRussian(e)
	for _, t := range []*turkic{&turkicKazakh, &turkicKyrgyz, &turkicUzbek, &turkicUzbekCyrillic, &turkicTurkmen} {
		e.chain(t.noun, t.lang, t.grammar(), "noun", false)
		e.chain(t.verb, t.lang, t.grammar(), "verb", false)
		e.chain(t.nounVowel, t.lang, t.grammar(), "noun", true)
		e.chain(t.verbVowel, t.lang, t.grammar(), "verb", true)
		if t.loose != nil {
			e.chain(t.looseNoun, t.lang, t.loose(), "noun", false)
		}
		if t.drops != "" {
			e.chain(t.dropped, t.lang, t.grammar(), "dropped", false)
		}
		if t.possessed != "" {
			e.chain(t.owned, t.lang, t.grammar(), "their", false)
		}
	}
	for o := range kazakhLatins {
		e.respell(&kazakhLatins[o], langKazakh)
	}
	e.respell(&kyrgyzLegacy, langKyrgyz)
	e.respell(&turkmenCyrillic, langTurkmen)
	e.chain(tgNoun, langTajik, tajik(), "noun", false)
	e.chain(tgVerb, langTajik, tajik(), "verb", false)
	return e
})

func (e *endings) add(c class, l langSet, list []string) {
	e.langs[c] = l
	for _, s := range list {
		h := hashRunes([]rune(s))
		i := e.index.get(h)
		if i == 0 {
			e.sets = append(e.sets, classSet{})
			i = uint32(len(e.sets))
			e.index.put(h, i)
		}
		e.sets[i-1][c/64] |= 1 << (c % 64)
	}
}

func (e *endings) chain(c class, l langSet, g *grammar, state string, vowel bool) {
	e.langs[c] = l
	e.chains[c] = chain{grammar: g, state: g.state(state), vowel: vowel}
}

// respell adds the classes of an orthography.
func (e *endings) respell(o *orthography, l langSet) {
	for c := o.of; c < o.of+o.classes; c++ {
		e.langs[o.class(c)] = l
		e.chains[o.class(c)] = e.chains[c]
		e.chains[o.class(c)].script = o
	}
}

// has reports whether word[at:] is an ending of class c.
func (e *endings) has(c class, word []rune, at int) bool {
	switch {
	case c == classExact:
		return at == len(word)
	case c == classPrefix:
		return len(word)-at <= maxTail
	}
	if ch := &e.chains[c]; ch.grammar != nil {
		var buf [2 * MaxWord]rune
		if ch.script != nil {
			known := ch.script.read(buf[:0], word[:at])
			n := len(known)
			word, at = ch.script.read(known, word[at:]), n
		}
		if ch.vowel && (at == len(word) || !isVowel(word[at])) {
			return false
		}
		return ch.grammar.accepts(ch.state, word, at)
	}
	i := e.index.get(hashRunes(word[at:]))
	return i != 0 && e.sets[i-1][c/64]>>(c%64)&1 != 0
}

// inflect gives the stems of a folded word and the classes of endings that
// they take by the rules of a language; of all that are written in its script
// where the language is empty. raw is the word as the term has it.
func inflect(word, raw string, flags Flags, lang string, stem func(string, class)) {
	langs := langsOf(lang)
	respelledStems(word, raw, flags, lang, stem)
	if flags&Latin != 0 {
		if langs&langEnglish != 0 {
			english(word, flags, stem)
		}
		if langs&langUzbek != 0 {
			turkicUzbek.stems(word, flags, stem)
		}
		if langs&langTurkmen != 0 {
			turkicTurkmen.stems(word, flags, stem)
		}
	}
	if flags&Cyrillic != 0 {
		if langs&langRussian != 0 {
			russian(word, flags, stem)
		}
		if langs&langKazakh != 0 {
			turkicKazakh.stems(word, flags, stem)
		}
		if langs&langKyrgyz != 0 {
			kyrgyzStems(word, flags, stem)
		}
		if langs&langUzbek != 0 {
			turkicUzbekCyrillic.stems(word, flags, stem)
		}
		if langs&langTajik != 0 {
			tajikStems(word, stem)
		}
	}
}
