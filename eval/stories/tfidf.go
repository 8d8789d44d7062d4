package main

import "math"

// tfidf is the cosine of all words, weighed by how rare they are in the
// articles that are learned from.
type tfidf struct {
	texts float64
	df    map[uint64]float64
}

func newTFIDF(pairs []pair) *tfidf {
	t := &tfidf{df: map[uint64]float64{}}
	for _, p := range pairs {
		for _, a := range []*article{p.a, p.b} {
			t.texts++
			for w := range set(a.stems()) {
				t.df[w]++
			}
		}
	}
	return t
}

// stems are the hashes of the first letters of an article's words.
func (a *article) stems() []uint64 {
	var out []uint64
	for _, f := range []string{"title", "body"} {
		field := &a.reading.Body
		if f == "title" {
			field = &a.reading.Title
		}
		for i := range field.Words {
			folded := []rune(string(field.AppendFolded(nil, i)))
			h := uint64(14695981039346656037)
			for _, r := range folded[:field.Stem(i, a.lang)] {
				h = (h ^ uint64(r)) * 1099511628211
			}
			out = append(out, h)
		}
	}
	return out
}

func (t *tfidf) vector(a *article) map[uint64]float64 {
	v := map[uint64]float64{}
	for _, w := range a.stems() {
		v[w]++
	}
	for w, n := range v {
		v[w] = (1 + math.Log(n)) * math.Log((t.texts+1)/(t.df[w]+1))
	}
	return v
}

func (t *tfidf) over(limit float64) way {
	return func(a, b *article) bool {
		x, y := t.vector(a), t.vector(b)
		dot, xx, yy := 0.0, 0.0, 0.0
		for w, v := range x {
			dot += v * y[w]
			xx += v * v
		}
		for _, v := range y {
			yy += v * v
		}
		return xx*yy > 0 && dot/math.Sqrt(xx*yy) >= limit
	}
}
