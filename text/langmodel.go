package text

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"sync"
	"unicode/utf8"
)

// The model that tells languages apart is a linear classifier on the n-grams
// of letters of a word, of two to four letters or a single special one, and on
// the word itself. Each script has a table of its own, since a word of one
// script says nothing of a language that is written in another. A row of a
// table has 16 bytes: for each of up to 15 languages how much an n-gram speaks
// for it, 128 being nothing, and a check byte, so that an n-gram which the
// table doesn't have adds nothing. The bytes of a row are added up four at a
// time in a word of 64 bits, as the lanes of a vector.
//
// The file is made by `go run ./langtrain` in eval; TrainLanguages says how.

const (
	maxLangs  = 15 // in a script
	laneCount = 16
	checkLane = laneCount - 1
	neutral   = 128 // what says nothing
	rowSize   = laneCount
)

// script is the writing that a language is told in.
type script int

const (
	cyrillic script = iota
	latin
	arabic
	scriptCount
)

// langTable is the part of the model for one script.
type langTable struct {
	langs []string // BCP 47, "" where it is one that isn't told
	scale float32  // how many units of a row are a factor of e in the odds
	shift uint     // of a hash, to the number of a row
	rows  []byte

	unit  float32   // 1/scale
	bases []string  // langs without a script
	start []float32 // startOdds of langs
}

func (t *langTable) prepare() {
	t.shift = uint(64 - bits.TrailingZeros(uint(len(t.rows)/rowSize)))
	t.unit = 1 / t.scale
	for _, lang := range t.langs {
		base, _, _ := strings.Cut(lang, "-")
		t.bases, t.start = append(t.bases, base), append(t.start, startOdds(lang))
	}
}

type langModel [scriptCount]langTable

//go:embed lang.model
var langModelFile []byte

var languages = sync.OnceValue(func() *langModel {
	m, err := parseLangModel(langModelFile)
	if err != nil {
		panic("text: lang.model: " + err.Error()) // the file is part of the program
	}
	return m
})

const langMagic = "driftwatch languages 1\n"

// appendTo writes a model as parseLangModel reads it: the magic line, and for
// each script a line "LANG,… SCALE ROWS\n" and the rows.
func (m *langModel) appendTo(dst []byte) []byte {
	dst = append(dst, langMagic...)
	for _, t := range m {
		dst = fmt.Appendf(dst, "%s %g %d\n", strings.Join(t.langs, ","), t.scale, len(t.rows)/rowSize)
		dst = append(dst, t.rows...)
	}
	return dst
}

func parseLangModel(file []byte) (*langModel, error) {
	rest, ok := strings.CutPrefix(string(file[:min(len(file), len(langMagic))]), langMagic)
	if !ok || rest != "" {
		return nil, errors.New("not a model of languages: train it again")
	}
	file = file[len(langMagic):]
	m := new(langModel)
	for i := range m {
		t := &m[i]
		end := strings.IndexByte(string(file[:min(len(file), 256)]), '\n')
		if end < 0 {
			return nil, errors.New("cut off: train it again")
		}
		var langs string
		var rows int
		if _, err := fmt.Sscanf(string(file[:end]), "%s %g %d", &langs, &t.scale, &rows); err != nil {
			return nil, fmt.Errorf("script %d: %w", i, err)
		}
		t.langs = strings.Split(langs, ",")
		file = file[end+1:]
		if rows < 2 || bits.OnesCount(uint(rows)) != 1 || len(t.langs) > maxLangs || rows > len(file)/rowSize {
			return nil, fmt.Errorf("script %d: %d rows of %d languages in %d bytes", i, rows, len(t.langs), len(file))
		}
		t.rows, file = file[:rows*rowSize:rows*rowSize], file[rows*rowSize:]
		t.prepare()
	}
	return m, nil
}

// lanes are the sums of rows, two bytes a language: the even languages of the
// first eight, the odd ones, and the same of the other eight.
type lanes struct{ e0, o0, e1, o1 uint64 }

// maxAdds is how many rows can be added before a lane could run over.
const maxAdds = 1<<16/256 - 1

// add adds the rows of n-grams, as far as the table has them.
func (l *lanes) add(t *langTable, hashes []uint64) {
	const odd = 0x00ff00ff00ff00ff
	rows, shift, sum := t.rows, t.shift&63, *l
	for _, hash := range hashes {
		i := hash >> shift * rowSize
		row := rows[i : i+rowSize : i+rowSize]
		lo, hi := binary.LittleEndian.Uint64(row), binary.LittleEndian.Uint64(row[8:])
		// All ones where the check is right: a branch would be guessed wrong often.
		has := uint64(int64((hi>>56^hash)&0xff-1) >> 63)
		lo, hi = lo&has, hi&has
		sum.e0 += lo & odd
		sum.o0 += lo >> 8 & odd
		sum.e1 += hi & odd
		sum.o1 += hi >> 8 & odd
	}
	*l = sum
}

// langSums is how much was said for each language of a script.
type langSums struct {
	sums [laneCount]int32
	lanes
	adds int // rows in the lanes
}

// flush moves what is in the lanes to the sums.
func (s *langSums) flush() {
	for i := range 4 {
		s.sums[2*i] += int32(s.e0 >> (16 * i) & 0xffff)
		s.sums[2*i+1] += int32(s.o0 >> (16 * i) & 0xffff)
		s.sums[8+2*i] += int32(s.e1 >> (16 * i) & 0xffff)
		s.sums[9+2*i] += int32(s.o1 >> (16 * i) & 0xffff)
	}
	s.lanes, s.adds = lanes{}, 0
}

func (s *langSums) join(o *langSums) {
	for i := range s.sums {
		s.sums[i] += o.sums[i]
	}
}

// maxSpelled is how many letters of a word are looked at.
const maxSpelled = 40

// spelled is a word as the model reads it: a blank, its letters, a blank.
type spelled struct {
	letters [maxSpelled + 2]uint16
	n       int // blanks included
	hashes  [maxGrams]uint64
}

const blank = ' '

// gramMix spreads an n-gram, whose letters are 16 bits each, over 64 bits; the
// row is in the upper ones, the check in the lowest.
func gramMix(key uint64) uint64 {
	h := key * 0x9E3779B97F4A7C15
	return h ^ h>>32
}

// wordKey keeps whole words apart from n-grams.
const wordKey = 0xD6E8FEB86659FD93

// addWord adds what a word says, whose folded hash is given. The sums hold it
// after flush.
func (s *langSums) addWord(t *langTable, w *spelled, hash uint64) {
	g := w.grams(hash)
	if s.adds += len(g); s.adds > maxAdds {
		s.flush()
		s.adds = len(g)
	}
	s.lanes.add(t, g)
}

// maxGrams is how many n-grams a word has at most.
const maxGrams = 4*(maxSpelled+2) + 1

// special reports letters that tell by themselves: not those which nearly all
// languages of a script have.
func special(c uint16) bool { return c > 'z' && (c < 'а' || c > 'я') }

// grams are the hashes of a word and of its n-grams, until the next word.
func (w *spelled) grams(hash uint64) []uint64 {
	dst := &w.hashes
	dst[0] = gramMix(hash ^ wordKey)
	key := uint64(w.letters[0])
	n := 1
	for i, c := range w.letters[1:w.n] {
		key = key<<16 | uint64(c)
		dst[n] = gramMix(key & 0xffffffff)
		n++
		if special(c) {
			dst[n] = gramMix(uint64(c))
			n++
		}
		if i > 0 {
			dst[n] = gramMix(key & 0xffffffffffff)
			n++
		}
		if i > 1 {
			dst[n] = gramMix(key)
			n++
		}
	}
	return dst[:n]
}

// spell writes the letters of word i of a field; it reports which script they
// are, and false for a word that tells nothing: one with digits, or in a script
// that no language is told in.
func (w *spelled) spell(f *Field, i int) (script, bool) {
	word := &f.Words[i]
	if word.Flags&Digit != 0 {
		return 0, false
	}
	raw := f.Text[word.Start:word.Stem]
	w.letters[0], w.n = blank, 1
	mixed := word.Flags&(Cyrillic|Latin) == Cyrillic|Latin
	if mixed || !w.plain(raw) {
		w.n = 1
		w.folded(raw)
	}
	w.letters[w.n] = blank
	w.n++
	if w.n < 3 {
		return 0, false
	}
	switch first := w.letters[1]; {
	case mixed:
		return w.script(), true
	case word.Flags&Cyrillic != 0:
		return cyrillic, true
	case word.Flags&Latin != 0:
		return latin, true
	default:
		return arabic, first >= 0x600 && first < 0x700
	}
}

// script is that of most letters.
func (w *spelled) script() script {
	n := 0
	for _, c := range w.letters[:w.n] {
		if c >= 0x400 && c < 0x530 {
			n++
		}
	}
	if 2*n >= w.n-2 {
		return cyrillic
	}
	return latin
}

// plain writes a word of letters and apostrophes of the table; it reports false
// where there is anything else.
func (w *spelled) plain(raw string) bool {
	for i := 0; i < len(raw) && w.n <= maxSpelled; {
		c := raw[i]
		var l uint16
		switch {
		case c < utf8.RuneSelf:
			l = letters[c].fold
			if l == 0 {
				l = '\''
			}
			i++
		case c < 0xe0 && i+1 < len(raw):
			r := rune(c&0x1f)<<6 | rune(raw[i+1]&0x3f)
			l = letters[r].fold
			if l == 0 && isApostrophe(r) {
				l = '\''
			}
			i += 2
		case c == 0xe2 && i+2 < len(raw) && raw[i+1] == 0x80 && raw[i+2]&^1 == 0x98: // ‘ ’
			l = '\''
			i += 3
		}
		if l == 0 {
			return false
		}
		w.letters[w.n] = l
		w.n++
	}
	return true
}

// folded writes a word of any characters.
func (w *spelled) folded(raw string) {
	var buf [MaxWord + 1]rune
	at := 0
	for i, r := range raw {
		if isApostrophe(r) {
			w.runes(foldWord(buf[:0], raw[at:i], false))
			w.letter('\'')
			at = i + utf8.RuneLen(r)
		}
	}
	w.runes(foldWord(buf[:0], raw[at:], false))
}

func (w *spelled) runes(rs []rune) {
	for _, r := range rs {
		w.letter(r)
	}
}

func (w *spelled) letter(r rune) {
	if w.n <= maxSpelled && r < 0x10000 {
		w.letters[w.n] = uint16(r)
		w.n++
	}
}
