package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanner turns a text into words, sentences and paragraphs in one pass. The
// common case, Latin or Cyrillic letters parted by single spaces, is handled
// by plain table look-ups; whatever else stands in a word is left to slowWord,
// whatever else stands between words to gap.
type scanner struct {
	text  string
	f     *Field
	runes []rune
	steps int // bytes looked at, for tests of how work grows
}

func (s *scanner) scan(text string, f *Field) {
	*f = Field{Text: text, Words: f.Words[:0], Sentences: f.Sentences[:0], Paragraphs: f.Paragraphs[:0]}
	s.text, s.f = text, f
	g := s.gap(0)
	s.begin(g.open)
	i, apart := g.next, Flags(0)
	if g.apart {
		apart = Apart
	}
	for i < len(text) {
		w := s.newWord()
		i = s.word(i, w)
		w.Sentence, w.Paragraph = int32(len(f.Sentences)-1), int32(len(f.Paragraphs)-1)
		w.Flags |= apart
		// One space and a letter is by far the most common gap, then a comma or a
		// stop before it.
		apart = 0
		stop := false
		if i+3 < len(text) {
			if text[i] == ' ' && isPlain(text[i+1:]) {
				i++
				continue
			}
			if text[i+1] == ' ' && isPlain(text[i+2:]) {
				if text[i] == ',' {
					i += 2
					apart = Apart
					continue
				}
				stop = text[i] == '.'
			}
		}
		if stop {
			g = gap{next: i + 2, close: i + 1, open: i + 2, stop: '.', space: true}
		} else {
			g = s.gap(i)
		}
		i = g.next
		if i >= len(text) {
			s.end(g.close, true)
			break
		}
		if g.apart {
			apart = Apart
		}
		if cut := s.cut(&g); cut != noCut {
			s.end(g.close, cut == paragraphCut)
			s.begin(g.open)
			if cut == paragraphCut {
				s.beginParagraph(g.open)
			}
		}
	}
	if len(f.Words) == 0 {
		f.Sentences, f.Paragraphs = f.Sentences[:0], f.Paragraphs[:0]
	}
}

// isPlain reports whether text begins with a letter or digit of those that are
// quick to tell: ASCII and most of Cyrillic.
func isPlain(text string) bool {
	c := text[0]
	return c < utf8.RuneSelf && letters[c].fold != 0 || c&0xfe == 0xd0 && text[1]&0xc0 == 0x80
}

func (s *scanner) begin(at int) {
	f := s.f
	if len(f.Paragraphs) == 0 {
		f.Paragraphs = append(f.Paragraphs, Paragraph{Start: int32(at)})
	}
	f.Sentences = append(f.Sentences, Sentence{
		Start: int32(at), Paragraph: int32(len(f.Paragraphs) - 1), FirstWord: int32(len(f.Words)),
	})
}

func (s *scanner) beginParagraph(at int) {
	f := s.f
	f.Paragraphs = append(f.Paragraphs, Paragraph{Start: int32(at), FirstSentence: int32(len(f.Sentences) - 1)})
	f.Sentences[len(f.Sentences)-1].Paragraph = int32(len(f.Paragraphs) - 1)
}

func (s *scanner) end(at int, paragraph bool) {
	f := s.f
	last := &f.Sentences[len(f.Sentences)-1]
	last.End = int32(at)
	last.LastWord = int32(len(f.Words) - 1)
	if paragraph {
		p := &f.Paragraphs[len(f.Paragraphs)-1]
		p.End, p.LastSentence = int32(at), int32(len(f.Sentences)-1)
	}
}

// newWord appends a word to the field, for word to fill.
func (s *scanner) newWord() *Word {
	f := s.f
	n := len(f.Words)
	if n == cap(f.Words) {
		f.Words = append(f.Words, Word{})
	}
	f.Words = f.Words[:n+1]
	return &f.Words[n]
}

// word reads the word that begins at i into w, but for where it stands, and
// gives its end.
func (s *scanner) word(i int, w *Word) int {
	text, start := s.text, i
	l := run{end: i, hash: hashSeed}
	if text[i] < utf8.RuneSelf {
		l.ascii(text)
	} else {
		l.cyrillic(text)
	}
	if i = l.end; i < len(text) && (text[i] >= utf8.RuneSelf || letters[text[i]].fold != 0) {
		l.any(text)
		i = l.end
	}
	s.steps += i - start + 1
	if l.letters == 0 || i < len(text) && !endsWord[text[i]] && s.mayGoOn(i, l.kinds) || l.kinds&(kindCyrillic|kindLatin) == kindCyrillic|kindLatin || l.kinds&kindNone != 0 {
		*w, i = s.slowWord(start)
		return i
	}
	w.Hash, w.Start, w.End, w.Stem = l.hash, int32(start), int32(i), int32(i)
	w.Letters, w.Flags = uint16(min(l.letters, MaxWord+1)), flags(l.kinds, l.first)
	return i
}

// endsWord are the characters behind which no word goes on, whatever it is.
var endsWord = [256]bool{' ': true, '\n': true, '\r': true, '\t': true, '"': true, '!': true, '?': true, ')': true, '(': true, ':': true, ';': true, '/': true}

// kindBefore is the kind of the letter that ends at i, one of the table's.
func (s *scanner) kindBefore(i int) uint16 {
	c := s.text[i-1]
	if c < utf8.RuneSelf {
		return letters[c].kind
	}
	return letters[(int(s.text[i-2]&0x1f)<<6|int(c&0x3f))&(tableSize-1)].kind
}

func flags(kinds, first uint16) Flags {
	f := Flags(kinds)
	if first&kindUpper != 0 {
		f |= Initial
	}
	return f
}

// mayGoOn reports whether what stands at i, which is no letter of the table,
// may stand inside a word or before a suffix. kinds are those of the word so far.
func (s *scanner) mayGoOn(i int, kinds uint16) bool {
	c := s.text[i]
	if c == '.' || c == ',' {
		return kinds == kindDigit
	}
	last := s.kindBefore(i)
	switch {
	case c == '-':
		return last&(kindUpper|kindDigit) != 0 || s.suffix(i, last) > i
	case c < utf8.RuneSelf:
		return isApostrophe(rune(c))
	}
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	f, _ := foldAny(r)
	return f != 0 || isApostrophe(r) || isMark(r) || isIgnorable(r) || isHyphen(r) && s.suffix(i, last) > i
}

// slowWord reads the word that begins at start by the full rules: composed
// marks, ignorable characters, apostrophes, decimals, other scripts, suffixes.
func (s *scanner) slowWord(start int) (Word, int) {
	text := s.text
	i, end := start, start // end: behind the last character that surely belongs to the word
	var kinds, first, last uint16
	n := 0
scan:
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		f, kind := foldAny(r)
		switch {
		case f != 0:
			if n == 0 {
				first = kind
			}
			n++
			kinds |= kind
			last = kind
			i += size
			end = i
		case isMark(r) && n > 0:
			i += size
			end = i
		case isIgnorable(r):
			i += size
		case isApostrophe(r) && last&kindDigit == 0 && i == end:
			if s.possessive(i + size) {
				break scan
			}
			i += size
			if r == 'ʻ' || r == 'ʼ' {
				end = i
			}
			if !s.letterAt(i) {
				break scan
			}
		case (r == '.' || r == ',') && kinds == kindDigit && i == end && s.digitAt(i+1):
			i++
		default:
			break scan
		}
	}
	s.steps += 2 * (i - start) // and to fold it
	stem := end
	if kinds&(kindCyrillic|kindLatin|kindUpper) == kindCyrillic|kindLatin|kindUpper {
		s.steps += end - start
		stem = start + glued(text[start:end])
	}
	w := Word{Start: int32(start), Stem: int32(stem), Flags: flags(kinds, first)}
	if stem < end {
		w.Flags &^= Cyrillic | Lower
	}
	s.runes = foldWord(s.runes[:0], text[start:stem], false)
	w.Flags = settled(w.Flags, s.runes)
	w.Letters = uint16(min(len(s.runes), MaxWord+1))
	w.Hash = hashRunes(s.runes)
	end = s.suffix(end, last)
	w.End = int32(end)
	return w, end
}

// settled is the flags of a word without that of a script of which folding has
// left no letter.
func settled(f Flags, folded []rune) Flags {
	if f&(Cyrillic|Latin) != Cyrillic|Latin {
		return f
	}
	left := Flags(0)
	for _, r := range folded {
		if r >= 0x400 && r < 0x530 {
			left |= Cyrillic
		} else if unicode.Is(unicode.Latin, r) {
			left |= Latin
		}
	}
	return f&^(Cyrillic|Latin) | left
}

func (s *scanner) letterAt(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	return unicode.IsLetter(r) && !isApostrophe(r)
}

func (s *scanner) digitAt(i int) bool {
	return i < len(s.text) && s.text[i] >= '0' && s.text[i] <= '9'
}

// possessive reports whether the English s of a possessive is all that follows
// an apostrophe that ends at i.
func (s *scanner) possessive(i int) bool {
	return i < len(s.text) && s.text[i]|0x20 == 's' && (i+1 == len(s.text) || !s.letterAt(i+1) && !s.digitAt(i+1))
}

// suffix finds the end of a case ending that is joined to the word that ends
// at i by an apostrophe or a hyphen.
func (s *scanner) suffix(i int, last uint16) int {
	r, size := utf8.DecodeRuneInString(s.text[i:])
	switch {
	case isApostrophe(r) && s.possessive(i+size):
		return i + size + 1
	case isHyphen(r):
		j := i + size
		var script uint16
		for j < len(s.text) && j < i+size+maxJoined {
			r, n := utf8.DecodeRuneInString(s.text[j:])
			f, kind := foldAny(r)
			if f == 0 || kind&kindLower == 0 {
				break
			}
			script |= kind
			j += n
		}
		s.steps += j - i
		set := joinedAnywhere
		if last&(kindUpper|kindDigit) != 0 || last&kindLatin != 0 && script&kindCyrillic != 0 {
			set = joined
		}
		if !set[s.text[i+size:j]] || s.letterAt(j) || s.digitAt(j) {
			return i
		}
		return j
	}
	return i
}

// isHyphen reports what is typed for the hyphen before a case ending.
func isHyphen(r rune) bool {
	switch r {
	case '-', '‐', '‑', '–':
		return true
	}
	return false
}

// glued is how many bytes of a word in two scripts are an abbreviation in
// Latin capitals behind which a Cyrillic case ending stands: USAID|дин. It is
// all of them where that isn't so.
func glued(word string) int {
	letters, at := 0, 0
	for i, r := range word {
		_, kind := foldAny(r)
		switch {
		case kind&(kindLatin|kindUpper) == kindLatin|kindUpper || kind&kindDigit != 0:
			letters++
			at = i + utf8.RuneLen(r)
			continue
		case isApostrophe(r):
			continue
		}
		if letters > 1 && joined[word[i:]] {
			return at
		}
		break
	}
	return len(word)
}

// gap is what stands between two words.
type gap struct {
	next  int // where the next word begins; the end of the text if there's none
	close int // where a sentence that ends here ends, its stop and closing marks included
	open  int // where a sentence that begins here begins, its opening marks included
	stop  rune
	lines int  // newlines
	space bool // any white space
	comma bool // or a colon: what stands before goes on
	dash  bool // what may begin a line of a list
	apart bool // as the flag
}

// gap reads from i, which is behind a word or at the start of the text, to the
// next word.
func (s *scanner) gap(i int) gap {
	g := gap{next: i, close: i, open: -1, space: i == 0}
	text := s.text
	for i < len(text) {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if f, _ := foldAny(r); f != 0 {
			break
		}
		switch {
		case r == '\n' || r == '\r' && (i+1 == len(text) || text[i+1] != '\n') || r == 0x2028:
			g.lines++
			g.space = true
			g.open = -1
		case r == 0x2029:
			g.lines += 2
			g.space = true
			g.open = -1
		case unicode.IsSpace(r):
			g.space = true
		case isIgnorable(r):
		case r == ',' || r == ';' || r == ':':
			g.stop, g.comma, g.apart = 0, true, true
			if !g.space && g.open < 0 {
				g.close = i + size
			}
		case r == '.' || r == '!' || r == '?' || r == '…' || r == '؟' || r == '。':
			g.halt(r, i+size)
		default:
			s.mark(&g, r, i, size)
		}
		i += size
	}
	s.steps += i - g.next + 1
	g.next = i
	if g.open < 0 {
		g.open = i
	}
	return g
}

// halt notes a stop that ends at i.
func (g *gap) halt(r rune, i int) {
	g.apart = g.apart || r != '.'
	if g.stop == 0 { // an opening mark before it opened nothing that follows
		g.open = -1
	}
	if g.open < 0 {
		g.close = i
	}
	switch {
	case g.stop == '.' && r == '.':
		g.stop = '…'
	case g.stop == 0 || g.stop == '.':
		g.stop = r
	}
}

// mark notes a character between words that is neither space nor stop.
func (s *scanner) mark(g *gap, r rune, i, size int) {
	switch r {
	case '"', '\'', '»', '”', '’', '“', '❞', '＂', '〞', ')', ']', '}', '）', '］', '】', '》', '〉', '」', '』', '⟩':
		g.apart = g.apart || !isQuote(r)
		if !g.space && g.open < 0 {
			g.close = i + size
			return
		}
	case '«', '„', '‘', '‹', '‚', '‛', '‟', '❝', '〝':
	case '(', '[', '{', '（', '［', '【', '《', '〈', '「', '『', '⟨':
		g.apart = true
	case '-', '‑', '‐', '&', '+', '№', '#', '$', '€', '₽', '%', '_', '@', '`', '›':
		g.dash = g.dash || r == '-'
	case '—', '–', '―':
		g.dash = true
		g.apart = g.apart || g.space
	case '•', '▪', '●', '■', '◦':
		g.dash, g.apart = true, true
	default:
		g.apart = true
	}
	if g.open < 0 && (g.space || g.close == i && isOpening(r)) {
		g.open = i
	} else if !g.space && g.open < 0 {
		g.close = i + size
	}
}

// isQuote reports closing quotation marks, which don't part the words of a name.
func isQuote(r rune) bool {
	switch r {
	case '"', '\'', '»', '”', '’', '“', '❞', '＂', '〞':
		return true
	}
	return false
}

func isOpening(r rune) bool {
	switch r {
	case '«', '„', '‘', '(', '[', '{', '‹', '“', '"', '‚', '‛', '‟', '❝', '＂', '〝', '（', '［', '【', '《', '〈', '「', '『', '⟨':
		return true
	}
	return false
}

type cut int

const (
	noCut cut = iota
	sentenceCut
	paragraphCut
)

// cut decides whether a sentence or a paragraph ends in the gap behind the
// last word. An empty line always ends a paragraph; a single new line does
// where the next one doesn't look like its sentence's going on.
func (s *scanner) cut(g *gap) cut {
	r, size := utf8.DecodeRuneInString(s.text[g.next:])
	lower := isLower(r)
	switch {
	case g.lines >= 2:
		return paragraphCut
	case g.lines == 1 && g.stop == 0 && g.comma && !g.dash:
		return noCut
	case g.lines == 1 && (!lower || g.stop != 0 || g.dash):
		return paragraphCut
	case g.stop == 0 || lower:
		return noCut
	case g.stop == '.' && !g.space:
		return cutIf(s.glued(r, g.next+size))
	case g.stop == '.':
		return cutIf(s.stops(g))
	}
	return sentenceCut
}

func cutIf(yes bool) cut {
	if yes {
		return sentenceCut
	}
	return noCut
}

// glued decides whether a full stop without a space behind it ends a sentence,
// as in text that lost its spaces, and isn't part of an address or a name. next
// is the letter behind it, which ends at i.
func (s *scanner) glued(next rune, i int) bool {
	w := s.lastWord(0)
	after, _ := utf8.DecodeRuneInString(s.text[i:])
	return w.Flags&(Upper|Digit) == 0 && w.Letters > 2 && unicode.IsUpper(next) && unicode.IsLower(after)
}

// stops decides whether a single full stop with a space behind it ends the
// sentence, by the words before it.
func (s *scanner) stops(g *gap) bool {
	w, before := s.lastWord(0), s.lastWord(1)
	switch {
	case w.Flags&Digit != 0: // "1. First" opens a list, "in 2022. Then" doesn't
		return before != nil && before.Sentence == w.Sentence
	case w.Letters == 1 && w.Flags&Upper != 0: // А. С. Пушкин, U.S. troops
		return before != nil && before.End+1 == w.Start && s.opensSentence(g.next)
	case w.Letters == 1:
		return before != nil && s.shortEnds(before, w, g.next)
	case w.Hash == dollars: // 3 млрд долл. США
		var next Word
		s.word(g.next, &next)
		return next.Hash != unitedStates
	}
	return !abbreviations[w.Hash]
}

// lastWord is the word n before the last, nil if there is none.
func (s *scanner) lastWord(n int) *Word {
	i := len(s.f.Words) - 1 - n
	if i < 0 {
		return nil
	}
	return &s.f.Words[i]
}

// shortEnds decides for an abbreviation of one small letter: a year, a century
// or a sum may end a sentence (2022 г., XX в.), and so may "and so on".
func (s *scanner) shortEnds(before, w *Word, next int) bool {
	switch {
	case w.Flags&Apart != 0: // ст. 5, п. 3
		return false
	case before.Flags&Digit != 0 && s.digitAt(next): // 2026 ж. 24 қараша
		return false
	case before.Flags&Digit != 0 || before.Flags&(Upper|Lower|Latin) == Upper|Latin:
		return true
	case afternoon[mix(before.Hash, w.Hash)]:
		return s.opensSentence(next)
	}
	return andSoOn[mix(before.Hash, w.Hash)]
}

// andSoOn are the last two words of what ends a list, which may end its
// sentence too.
var andSoOn = pairs("т д", "т п", "т б", "с с", "ж б", "h k", "ҳ к", "ş m", "va b", "ва б", "ва ғ", "va h", "ва ҳ", "we b")

var afternoon = pairs("p m", "a m")

func pairs(list ...string) map[uint64]bool {
	m := map[uint64]bool{}
	for _, p := range list {
		a, b, _ := strings.Cut(p, " ")
		m[mix(hashString(a), hashString(b))] = true
	}
	return m
}

// opensSentence reports whether a word that hardly stands elsewhere than at
// the start of a sentence, when it has a capital, begins at i.
func (s *scanner) opensSentence(i int) bool {
	var w Word
	end := s.word(i, &w)
	return openers[w.Hash] && (end == len(s.text) || s.text[end] != '.')
}

var dollars, unitedStates = hashString("долл"), hashString("сша")

func hashString(s string) uint64 { return hashRunes([]rune(s)) }

// abbreviations stand before what they abbreviate a word of, so their full
// stop doesn't end a sentence.
var abbreviations = hashes(`
	ул им пос обл тел стр рис табл ст гл пп см ср напр проф акад доц инж ген полк подп лейт кап зам нач св оз пер кв
	корп пл наб просп бул мкр дер янв фев мар апр июн июл авг сен сент окт ноя нояб дек гос мин англ рус каз кирг узб
	тадж лат греч нем фр пр-т
	дж yu ya mr mrs ms dr drs prof profs det sens reps gens govs supt insp atty cmdr gen col lt sgt capt cpl maj sen rep gov hon rev st mt vs no nos vol fig approx dept est eg ie cf
	jan feb mar apr jun jul aug sep sept oct nov dec art sec ch pp ed eds messrs brig adm amb
	көш обл ауд мкр қ шк кҳ кўч шаҳ koʻch sh vil`)

// openers are words that, with a capital, begin a sentence.
var openers = hashes(`
	the in it he she they we this that these there but however at on its his her their when while after as if for a
	он она оно они это этот эта эти мы но однако при по на также так как если когда после об из для что все кроме`)

func hashes(words string) map[uint64]bool {
	m := map[uint64]bool{}
	for w := range strings.FieldsSeq(words) {
		m[hashString(strings.NewReplacer("ʻ", "", "ё", "е").Replace(w))] = true
	}
	return m
}
