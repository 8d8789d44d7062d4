package sqlite

import (
	"iter"
	"math/bits"
)

// numberSet is a set of numbers from 0 on, a bit for each. What lies behind its end
// isn't in it.
type numberSet []uint64

// grow makes room for a number.
func (s *numberSet) grow(n int64) {
	if more := int(n/64) + 1 - len(*s); more > 0 {
		*s = append(*s, make(numberSet, more)...)
	}
}

// put adds a number.
func (s *numberSet) put(n int64) {
	s.grow(n)
	(*s)[n/64] |= 1 << (n % 64)
}

// drop takes a number out.
func (s numberSet) drop(n int64) {
	if n/64 < int64(len(s)) {
		s[n/64] &^= 1 << (n % 64)
	}
}

// has reports whether a number is in the set.
func (s numberSet) has(n int64) bool {
	return n/64 < int64(len(s)) && s[n/64]>>(n%64)&1 != 0
}

// add adds all numbers of another set.
func (s *numberSet) add(other numberSet) {
	if len(other) > 0 {
		s.grow(int64(len(other))*64 - 1)
	}
	for i, w := range other {
		(*s)[i] |= w
	}
}

// keep takes out what isn't in another set.
func (s numberSet) keep(other numberSet) {
	n := min(len(s), len(other))
	for i, w := range other[:n] {
		s[i] &= w
	}
	clear(s[n:])
}

// count is how many numbers are in the set.
func (s numberSet) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// shared is how many numbers are in both sets.
func (s numberSet) shared(other numberSet) (n int) {
	m := min(len(s), len(other))
	s, other = s[:m], other[:m]
	for i, w := range s {
		n += bits.OnesCount64(w & other[i])
	}
	return n
}

// all gives the numbers in order. One that was given may be taken out.
func (s numberSet) all() iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for i, w := range s {
			for ; w != 0; w &= w - 1 {
				if !yield(int64(i)*64 + int64(bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}
