package main

import (
	"fmt"
	"math"
)

// tally counts right and wrong answers to one question.
type tally struct{ tp, fp, fn int }

func (t *tally) add(want, got bool) {
	switch {
	case want && got:
		t.tp++
	case want:
		t.fn++
	case got:
		t.fp++
	}
}

func (t *tally) join(o tally) { t.tp, t.fp, t.fn = t.tp+o.tp, t.fp+o.fp, t.fn+o.fn }

// n is how many there are to find.
func (t tally) n() int { return t.tp + t.fn }

func (t tally) f1() float64 { return ratio(2*t.tp, 2*t.tp+t.fp+t.fn) }

func ratio(a, b int) float64 {
	if b == 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}

// share prints k of n with its 95 % interval by Wilson's score.
func share(k, n int) string {
	if n == 0 {
		return "-"
	}
	const z = 1.96
	p, m := ratio(k, n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return fmt.Sprintf("%.2f [%.2f, %.2f] %d/%d", p, max(middle-half, 0), min(middle+half, 1), k, n)
}
