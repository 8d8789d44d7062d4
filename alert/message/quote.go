package message

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"driftwatch/guard"
	"driftwatch/news"
)

// Quote is a sentence of the article, in pieces.
type Quote struct {
	Field  string // news.FieldTitle or news.FieldText
	Pieces []Piece
}

// Piece is a run of a sentence; Marked where it is what matched.
type Piece struct {
	Text   string
	Marked bool
}

// Marked is the sentence with what matched between open and shut, each piece
// passed through escape first.
func (q Quote) Marked(open, shut string, escape func(string) string) string {
	var b strings.Builder
	for _, p := range q.Pieces {
		if p.Marked {
			b.WriteString(open + escape(p.Text) + shut)
		} else {
			b.WriteString(escape(p.Text))
		}
	}
	return b.String()
}

// String is the sentence without marks.
func (q Quote) String() string {
	return q.Marked("", "", func(s string) string { return s })
}

// Quotes gives the sentences that hits of one article rest on, each once with
// all that matched in it, the first of each hit before the second of any; at
// most 3.
func Quotes(hits []news.Hit) []Quote {
	var found []sentence
	for round := range maxQuotes {
		for _, h := range hits {
			if round < len(h.Evidence) {
				found = add(found, h.Evidence[round])
			}
		}
	}
	out := make([]Quote, 0, maxQuotes)
	for _, s := range found[:min(len(found), maxQuotes)] {
		out = append(out, s.quote())
	}
	return out
}

// sentence is a stretch of a field with what matched in it, as bytes of text.
type sentence struct {
	field string
	start int // in the field
	text  string
	words []news.Span // bytes of the field
}

// add puts a piece of evidence to the sentence that already holds it, or else
// behind the others.
func add(to []sentence, e news.Evidence) []sentence {
	words := e.Words
	if len(words) == 0 {
		words = []news.Span{{Start: e.Start, End: e.End}}
	}
	for i, s := range to {
		if s.field == e.Field && s.holds(e) {
			to[i].words = append(slices.Clip(s.words), words...)
			return to
		}
	}
	if strings.TrimSpace(e.Sentence) == "" {
		return to
	}
	return append(to, sentence{field: e.Field, start: e.SentenceStart, text: e.Sentence, words: words})
}

// holds reports whether the evidence's sentence is part of s, in its place.
func (s sentence) holds(e news.Evidence) bool {
	at := e.SentenceStart - s.start
	return at >= 0 && at <= len(s.text) && strings.HasPrefix(s.text[at:], e.Sentence)
}

func (s sentence) quote() Quote {
	q := Quote{Field: s.field}
	at := 0
	for _, w := range s.marks() {
		q.Pieces = appendPiece(q.Pieces, s.text[at:w.Start], false)
		q.Pieces = appendPiece(q.Pieces, s.text[w.Start:w.End], true)
		at = w.End
	}
	q.Pieces = appendPiece(q.Pieces, s.text[at:], false)
	q.Pieces = fit(trim(q.Pieces), maxSentence)
	return q
}

// marks are what matched as bytes of the sentence: in order, joined where they
// overlap or only a space lies between, without spaces at their ends. A span
// that doesn't lie in the sentence, or cuts a character, is left out.
func (s sentence) marks() []news.Span {
	var out []news.Span
	words := slices.SortedFunc(slices.Values(s.words), func(a, b news.Span) int { return cmp.Compare(a.Start, b.Start) })
	for _, w := range words {
		w.Start, w.End = w.Start-s.start, w.End-s.start
		if w.Start < 0 || w.End > len(s.text) || w.Start >= w.End || !onRune(s.text, w.Start) || !onRune(s.text, w.End) {
			continue
		}
		if last := len(out) - 1; last >= 0 && strings.TrimSpace(s.text[min(out[last].End, w.Start):w.Start]) == "" {
			out[last].End = max(out[last].End, w.End)
			continue
		}
		out = append(out, w)
	}
	return out
}

func onRune(s string, at int) bool { return at == len(s) || utf8.RuneStart(s[at]) }

// appendPiece adds text made harmless. Spaces at the ends of what is marked go
// to its neighbours, where no form of emphasis stumbles over them.
func appendPiece(to []Piece, text string, marked bool) []Piece {
	text = guard.Line(text)
	if !marked {
		return appendText(to, text, false)
	}
	bare := strings.TrimSpace(text)
	before, after, _ := strings.Cut(text, bare)
	to = appendText(to, before, false)
	to = appendText(to, bare, true)
	return appendText(to, after, false)
}

func appendText(to []Piece, text string, marked bool) []Piece {
	switch last := len(to) - 1; {
	case text == "":
		return to
	case last >= 0 && to[last].Marked == marked:
		to[last].Text += text
		return to
	}
	return append(to, Piece{Text: text, Marked: marked})
}

// trim takes the spaces from both ends of a sentence.
func trim(p []Piece) []Piece {
	if len(p) > 0 {
		p[0].Text = strings.TrimLeft(p[0].Text, " ")
		last := len(p) - 1
		p[last].Text = strings.TrimRight(p[last].Text, " ")
	}
	return slices.DeleteFunc(p, func(p Piece) bool { return p.Text == "" })
}
