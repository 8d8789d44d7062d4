package text

import "unicode/utf8"

// Reading is an article as the program reads it. It is filled by Read or by a
// Reader and not changed afterwards; many may look at it at once.
type Reading struct {
	Lang  string // BCP 47, as Detect gives it
	Title Field
	Body  Field
}

// Field is one text of an article: its words, sentences and paragraphs in
// order. All places are bytes of Text.
type Field struct {
	Text       string
	Words      []Word
	Sentences  []Sentence
	Paragraphs []Paragraph
	mixed      bool // a paragraph is in another of the seven languages than the article
}

// Word is a run of letters and digits. What is joined by a hyphen is a word
// each, so that "dual-use" is found by "dual use" and the reverse; only a case
// ending behind a hyphen or an apostrophe belongs to the word before it.
type Word struct {
	Hash       uint64 // of the folded letters, without a suffix
	Start, End int32  // bytes [Start, End) of the field
	Stem       int32  // End without a suffix behind a hyphen or apostrophe: ҰҚШҰ|-ның, Kazakhstan|’s
	Sentence   int32  // index into Sentences
	Paragraph  int32  // index into Paragraphs
	Letters    uint16 // of the folded stem; MaxWord+1 where there are more
	Flags      Flags
}

// Flags say how a word is written and what stands before it.
type Flags uint16

const (
	Upper    Flags = 1 << iota // has a capital letter
	Lower                      // has a small letter
	Cyrillic                   // has a Cyrillic letter
	Latin                      // has a Latin letter
	Digit                      // has a digit
	Other                      // has a letter of another script
	Apart                      // more than spaces, quotes, a dot or a hyphen parts it from the word before
	Initial                    // begins with a capital letter
)

// Sentence is a span of text and of words.
type Sentence struct {
	Start, End          int32 // bytes [Start, End), quotes and the stop included
	Paragraph           int32
	FirstWord, LastWord int32 // inclusive
}

// Paragraph is a span of text and of sentences.
type Paragraph struct {
	Start, End                  int32  // bytes [Start, End)
	FirstSentence, LastSentence int32  // inclusive
	Lang                        string // BCP 47; the article's unless its words clearly say otherwise
}

// Read reads an article. langHint is what the outlet or the page says of its
// language, in any form that NormalizeLang understands; the text is believed
// before the hint.
func Read(title, body, langHint string) *Reading {
	var rd Reader
	r := new(Reading)
	rd.Read(r, title, body, langHint)
	return r
}

// Reader reads one article after another without garbage. It isn't safe for
// concurrent use; the Readings it fills are independent of it.
type Reader struct {
	scanner scanner
	langs   langReader
}

// Read fills dst, whose slices are used again, with the reading of an article.
func (rd *Reader) Read(dst *Reading, title, body, langHint string) {
	rd.scanner.scan(title, &dst.Title)
	rd.scanner.scan(body, &dst.Body)
	rd.langs.read(dst, langHint)
	dst.Title.mix(dst.Lang)
	dst.Body.mix(dst.Lang)
}

// Split fills dst, whose slices are used again, with the words, sentences and
// paragraphs of a text, whatever its language.
func (rd *Reader) Split(dst *Field, s string) { rd.scanner.scan(s, dst) }

// Word gives word i as it stands in the text, suffix included.
func (f *Field) Word(i int) string { return f.Text[f.Words[i].Start:f.Words[i].End] }

// Sentence gives sentence i as it stands in the text.
func (f *Field) Sentence(i int) string {
	return f.Text[f.Sentences[i].Start:f.Sentences[i].End]
}

// Quote gives the text from the first to the last of two words, both included.
func (f *Field) Quote(first, last int) string {
	return f.Text[f.Words[first].Start:f.Words[last].End]
}

// Hash gives the hash that a word of a text has in Word.Hash, from its folded form.
func Hash(folded string) uint64 { return hashString(folded) }

// AppendFolded appends the folded form of word i, without a suffix behind a
// hyphen or an apostrophe.
func (f *Field) AppendFolded(dst []byte, i int) []byte {
	var buf [MaxWord + 1]rune
	for _, r := range f.foldedRunes(buf[:0], i, false) {
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

func (f *Field) foldedRunes(dst []rune, i int, keepCase bool) []rune {
	w := &f.Words[i]
	return foldWord(dst, f.Text[w.Start:w.Stem], keepCase)
}
