package main

import "math"

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
