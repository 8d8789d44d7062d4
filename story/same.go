package story

import "slices"

// What two prints of the same text have in common at least. The figures were
// chosen on posts and articles that were copied, cut down, reworded at random
// and given other names and numbers; see the tests for what they reach.
const (
	leastShingles = 6   // to compare by, of the shorter text
	fewWords      = 50  // in shorter texts every other number counts
	shorterLength = .45 // of the shorter text's length to the longer one's
	titledLength  = .1  // the same, under the same headline
	copied        = .8  // of both: from here on every other name counts
	contained     = .55 // of the shorter text's shingles in the longer one

	// A reworded text holds fewer shingles, but the names.
	rewordedShingles  = 20
	rewordedContained = .35
	rewordedNames     = .8 // of the shorter text's names in the longer one
	leastNames        = 3
	rewordedLength    = .6
)

// Same compares two articles. The score is how much of the shorter one the
// longer one contains, from 0 to 1, whether they are the same text or not; an
// article that is little more than a headline is the same as another one under
// this headline, with score 1, and as nothing else.
func Same(a, b Print) (score float64, same bool) {
	if a.brief || b.brief {
		if a.head == b.head && a.head != 0 {
			return 1, true
		}
		return 0, false
	}
	if a.words > b.words {
		a, b = b, a
	}
	length := float64(a.words) / float64(b.words)
	shared, n := overlap(a.shingles, b.shingles)
	if n == 0 {
		return 0, false
	}
	score = float64(shared) / float64(n)
	switch { // from cheap to dear
	case n < leastShingles, length < leastLength(a, b):
		return score, false
	case score < contained && !(length >= rewordedLength && reworded(a, b, score, n)):
		return score, false
	case conflicts(a.titled, b.titled), conflicts(a.slots, b.slots):
		return score, false
	case a.words < fewWords && lacks(a, b, isNumber) && lacks(b, a, isNumber):
		return score, false
	case score >= copied && length >= copied && lacks(a, b, 0) && lacks(b, a, 0):
		return score, false
	}
	return score, true
}

// leastLength is how much shorter one of two articles may be.
func leastLength(a, b Print) float64 {
	if a.head == b.head && a.head != 0 {
		return titledLength
	}
	return shorterLength
}

// overlap counts what two sketches share as far as both kept it, and what the
// one with less has there.
func overlap(a, b sketch[uint64]) (shared, least int) {
	l := limit(max(a.level, b.level))
	na, _ := slices.BinarySearch(a.kept, l)
	nb, _ := slices.BinarySearch(b.kept, l)
	for i, j := 0, 0; i < na && j < nb; {
		switch x, y := a.kept[i], b.kept[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			shared++
			i++
			j++
		}
	}
	return shared, min(na, nb)
}

// reworded reports whether a, the shorter one, has the names of b, though many
// words between them are others.
func reworded(a, b Print, score float64, n int) bool {
	if score < rewordedContained || n < rewordedShingles {
		return false
	}
	shared, names := overlap(a.names, b.names)
	return names >= leastNames && float64(shared) >= rewordedNames*float64(names)
}

// conflicts reports whether some slot has one name in a and another one in b. A
// name that the other one is a part of is no other name, and a slot that occurs
// several times in a text conflicts only where each of the two has a name there
// that the other lacks: a text that was cut down has lost some.
func conflicts(a, b sketch[slot]) bool {
	l := limit(max(a.level, b.level))
	x, y := below(a.kept, l), below(b.kept, l)
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0].place < y[0].place:
			x = x[1:]
		case x[0].place > y[0].place:
			y = y[1:]
		default:
			xs, ys := x[:sharing(x)], y[:sharing(y)]
			if other(xs, ys) && other(ys, xs) {
				return true
			}
			x, y = x[len(xs):], y[len(ys):]
		}
	}
	return false
}

// sharing counts the slots at the beginning that share a place.
func sharing(s []slot) int {
	n := 1
	for n < len(s) && s[n].place == s[0].place {
		n++
	}
	return n
}

// other reports whether a has a name that none of b is a part of or the whole.
func other(a, b []slot) bool {
	return slices.ContainsFunc(a, func(x slot) bool {
		return !slices.ContainsFunc(b, func(y slot) bool {
			return part(x.name, y.name) || part(y.name, x.name)
		})
	})
}

// part reports whether every word of x is one of y.
func part(x, y [slotWords]uint16) bool {
	for _, w := range x {
		if w != 0 && !slices.Contains(y[:], w) {
			return false
		}
	}
	return true
}

// lacks reports whether b lacks a name of a that has certain bits.
func lacks(a, b Print, bits uint64) bool {
	l := limit(max(a.names.level, b.names.level))
	return slices.ContainsFunc(a.names.kept, func(h uint64) bool {
		_, has := slices.BinarySearch(b.names.kept, h)
		return h&bits == bits && h < l && !has
	})
}
