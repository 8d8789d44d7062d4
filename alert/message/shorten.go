package message

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const gap = "…"

// fit bounds a sentence to about limit characters. What matched stays; of what
// lies between, the parts next to it stay, cut at words.
func fit(pieces []Piece, limit int) []Piece {
	marked, plain := 0, 0
	for _, p := range pieces {
		if n := utf8.RuneCountInString(p.Text); p.Marked {
			marked += n
		} else {
			plain += n
		}
	}
	if marked+plain <= limit {
		return pieces
	}
	pieces = firstMarks(pieces, limit)
	share := max(40, (limit-min(marked, limit))/(len(pieces)/2+1))
	for i, p := range pieces {
		switch {
		case p.Marked:
			pieces[i].Text = shorten(p.Text, limit/2)
		case i == 0 && len(pieces) > 1:
			pieces[i].Text = end(p.Text, share)
		case i == len(pieces)-1:
			pieces[i].Text = shorten(p.Text, share)
		default:
			pieces[i].Text = middleCut(p.Text, share)
		}
	}
	return pieces
}

// firstMarks leaves out the later part of a sentence in which so much matched
// that even the shortest form would be too long.
func firstMarks(pieces []Piece, limit int) []Piece {
	n := 0
	for i, p := range pieces {
		if p.Marked {
			n += min(utf8.RuneCountInString(p.Text), limit/2)
		} else {
			n += min(utf8.RuneCountInString(p.Text), 40)
		}
		if n > limit {
			return append(pieces[:i:i], Piece{Text: gap})
		}
	}
	return pieces
}

// shorten keeps the beginning of s, at most limit characters with the mark of
// what is left out.
func shorten(s string, limit int) string {
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s
	}
	cut := s[:offset(s, limit-1)]
	if i := strings.LastIndexFunc(cut, unicode.IsSpace); i > len(cut)*2/3 {
		cut = cut[:i]
	}
	return strings.TrimRightFunc(wholeCharacters(cut, s[len(cut):]), unicode.IsSpace) + gap
}

// end keeps the end of s, at most limit characters.
func end(s string, limit int) string {
	n := utf8.RuneCountInString(s)
	if n <= limit {
		return s
	}
	cut := s[offset(s, n-limit+1):]
	if i := strings.IndexFunc(cut, unicode.IsSpace); 0 <= i && i < len(cut)/3 {
		cut = cut[i:]
	}
	return gap + strings.TrimLeftFunc(cut, func(r rune) bool { return unicode.IsSpace(r) || joins(r) })
}

// middleCut keeps both ends of s, at most limit characters.
func middleCut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return shorten(s, limit/2) + " " + strings.TrimPrefix(end(s, limit/2), gap)
}

// offset is the byte at which the n-th character of s begins.
func offset(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// wholeCharacters takes from the end of cut what rest would have gone on with:
// a letter from its accent, an emoji from its other half.
func wholeCharacters(cut, rest string) string {
	next, _ := utf8.DecodeRuneInString(rest)
	for joins(next) && cut != "" {
		last, size := utf8.DecodeLastRuneInString(cut)
		cut, next = cut[:len(cut)-size], last
	}
	return strings.TrimSuffix(cut, "\u200d")
}

func joins(r rune) bool {
	return unicode.Is(unicode.M, r) || r == 0x200d || 0x1f3fb <= r && r <= 0x1f3ff
}
