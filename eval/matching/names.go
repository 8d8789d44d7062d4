package main

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"driftwatch/text"
)

// The parts that synthetic names are made of.
var (
	cyrillic = strings.Fields(`са ко ре ла ми но ту ва де го ри ста пре ка зах мо лен дра ни по бо сер та ша чи во ер ге
		лю пан кро ма тор си зи ну рок фа бек ай дин жан мур ба кыр гул наз ал им уль ош эл юр яр`)
	latin = strings.Fields(`sa ko re la mi no tu va de go ri sta pre ka zah mo len dra ni po bo ser ta sha chi vo er ge
		lyu pan kro ma tor si zi nu rok fa bek ay din zhan mur ba kyr gul naz al im ul osh el yur yar`)
	families      = strings.Fields("ов ова ев ева ин ина ский ская ко бек улы зода енко ян")
	familiesLatin = strings.Fields("ov ova ev eva in ina skiy skaya ko bek uly zoda enko yan")
	firms         = strings.Fields("ООО ОАО ЗАО ТОО Торговый Завод Банк Компания Группа Институт Центр Транс Строй Комбинат Фонд Агентство")
	firmsLatin    = strings.Fields("LLC LTD JSC Trading Bank Company Group Institute Center Trans Logistics Holding Electronics Export Fund")
)

func fakeWord(rnd *rand.Rand, inLatin bool, syllables int) string {
	parts := cyrillic
	if inLatin {
		parts = latin
	}
	var b strings.Builder
	for range syllables {
		b.WriteString(parts[rnd.IntN(len(parts))])
	}
	return b.String()
}

func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// namer makes names of one script.
type namer struct {
	rnd            *rand.Rand
	inLatin        bool
	given, surname []string
	firms, words   []string
	sentences      []string // none: no name is a piece of one
}

// sparseNames makes n names, nested, as lists of sanctioned persons and companies
// have them: none of their words is taken from the texts, so that few are found.
func sparseNames(n int) []string {
	rnd := rand.New(rand.NewPCG(8, 8))
	var both [2]*namer
	for i := range both {
		words := make([]string, 200_000)
		for k := range words {
			words[k] = fakeWord(rnd, i == 1, 3+rnd.IntN(3))
		}
		both[i] = newNamer(rnd, i == 1, words, nil)
	}
	names := make([]string, n)
	for i := range names {
		names[i] = both[i%2].name()
	}
	return names
}

// fakeNames makes n names, nested: the first of a longer list are those of a
// shorter one. Some of their words are words of the texts, and some names are
// pieces of the sentences.
func fakeNames(words, sentences []string, n int) []string {
	rnd := rand.New(rand.NewPCG(7, 7))
	var own [2][]string
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); unicode.Is(unicode.Latin, r) {
			own[1] = append(own[1], w)
		} else {
			own[0] = append(own[0], w)
		}
	}
	both := [2]*namer{newNamer(rnd, false, own[0], sentences), newNamer(rnd, true, own[1], sentences)}
	names := make([]string, n)
	for i := range names {
		names[i] = both[i%2].name()
	}
	return names
}

func newNamer(rnd *rand.Rand, inLatin bool, words, sentences []string) *namer {
	n := &namer{rnd: rnd, inLatin: inLatin, firms: firms, words: words, sentences: sentences}
	ends := families
	if inLatin {
		n.firms, ends = firmsLatin, familiesLatin
	}
	for range 4000 {
		n.given = append(n.given, capital(fakeWord(rnd, inLatin, 2+rnd.IntN(2))))
	}
	for range 80_000 {
		n.surname = append(n.surname, capital(fakeWord(rnd, inLatin, 2+rnd.IntN(2))+ends[rnd.IntN(len(ends))]))
	}
	return n
}

func (n *namer) name() string {
	switch kind := n.rnd.IntN(100); {
	case kind < 40:
		return n.one(n.given) + " " + n.one(n.surname)
	case kind < 67:
		return n.one(n.given) + " " + n.one(n.surname) + " " + n.one(n.surname)
	case kind < 96:
		words := []string{n.one(n.firms)}
		for range 1 + n.rnd.IntN(4) {
			if n.rnd.IntN(2) == 0 {
				words = append(words, capital(n.one(n.words)))
			} else {
				words = append(words, capital(fakeWord(n.rnd, n.inLatin, 2+n.rnd.IntN(3))))
			}
		}
		return strings.Join(words, " ")
	case kind < 98 || n.sentences == nil:
		return capital(fakeWord(n.rnd, n.inLatin, 3+n.rnd.IntN(3)))
	}
	return n.piece()
}

// piece is two or three words of a sentence.
func (n *namer) piece() string {
	for {
		words := strings.Fields(text.Fold(n.one(n.sentences)))
		size := 2 + n.rnd.IntN(2)
		if len(words) > size {
			at := n.rnd.IntN(len(words) - size)
			return strings.Join(words[at:at+size], " ")
		}
	}
}

func (n *namer) one(list []string) string { return list[n.rnd.IntN(len(list))] }
