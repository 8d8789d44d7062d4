package story

import (
	"iter"
	"strings"

	"driftwatch/text"
)

const (
	datelineWords = 8 // a dateline has no more: "ТАШКЕНТ, 5 апр — Новости."
	bylineWords   = 5 // a paragraph with no more is a byline, a credit, a heading
)

// reports are words beside which an outlet names itself or the one that it has
// the text from: "…, сообщает Kun.uz". That name changes as the text is passed
// on.
var reports = wordSet("сообщает передает пишет информирует reports хабарлайды хабарлады кабарлайт билдирет xabar хабар медиҳад habar")

func wordSet(words string) map[uint64]bool {
	set := make(map[uint64]bool)
	f := text.Read("", words, "").Body
	for i := range f.Words {
		set[f.Words[i].Hash] = true
	}
	return set
}

// mention is a run of names and numbers, and the hashes of the words that it
// stands between; 0 is the start or the end of the sentence.
type mention struct {
	before, after uint64
	words         []text.Word
}

// mentions finds the runs of words with one of some flags. It leaves out those
// that are a sentence of their own, such as a heading, and those that an outlet
// puts in to name itself.
func mentions(sentences iter.Seq[[]text.Word], flags text.Flags) iter.Seq[mention] {
	return func(yield func(mention) bool) {
		for words := range sentences {
			before := uint64(0)
			for i := 0; i < len(words); i++ {
				from := i
				for i < len(words) && words[i].Flags&flags != 0 {
					i++
				}
				after := uint64(0)
				if i < len(words) {
					after = words[i].Hash
				}
				own := i-from == len(words) || reports[before] || reports[after]
				if from < i && !own && !yield(mention{before, after, words[from:i]}) {
					return
				}
				before = after
			}
		}
	}
}

// sentences gives the words of each sentence.
func sentences(f *text.Field) iter.Seq[[]text.Word] {
	return func(yield func([]text.Word) bool) {
		for _, s := range f.Sentences {
			if !yield(f.Words[s.FirstWord : s.LastWord+1]) {
				return
			}
		}
	}
}

// told gives the words of the sentences of a body that tell something: without
// the dateline that it begins with, and without paragraphs that are too short to
// be more than a byline.
func told(f *text.Field) iter.Seq[[]text.Word] {
	first := dateline(f)
	return func(yield func([]text.Word) bool) {
		for _, p := range f.Paragraphs {
			from, to := f.Sentences[p.FirstSentence].FirstWord, f.Sentences[p.LastSentence].LastWord
			if to-from < bylineWords {
				continue
			}
			for _, s := range f.Sentences[p.FirstSentence : p.LastSentence+1] {
				if from := max(s.FirstWord, int32(first)); from <= s.LastWord && !yield(f.Words[from:s.LastWord+1]) {
					return
				}
			}
		}
	}
}

// dateline gives the index of the first word behind the dateline, 0 where there
// is none: names and a day, and then a dash or a colon.
func dateline(f *text.Field) int {
	for i := range min(len(f.Words)-1, datelineWords) {
		w := &f.Words[i]
		if w.Flags&(text.Initial|text.Digit) == 0 && (i == 0 || !hangsOn(f, i)) {
			return 0
		}
		switch gap := f.Text[w.End:f.Words[i+1].Start]; strings.TrimLeft(gap, ".)") {
		case " — ", " – ", " - ", ": ":
			return i + 1
		}
	}
	return 0
}

// hangsOn reports whether word i is the month behind a day, or the end of an
// address such as kun.uz.
func hangsOn(f *text.Field, i int) bool {
	before := &f.Words[i-1]
	return before.Flags&text.Digit != 0 || f.Text[before.End:f.Words[i].Start] == "."
}
