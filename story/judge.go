package story

import (
	"math"
	"time"
)

// Features of a pair of articles, in the order of a judge's weights.
const (
	bias         = iota
	stemCosine   // of the heaviest stems
	titleFound   // the share of the titles' stems that the other article has
	nameOverlap  // names that both have, of those that the one with fewer has
	nameCosine   //
	wordCosine   // of loanwords and other long words by skeleton
	numberShare  // numbers that both have
	conceptCos   // of concepts of the word lists
	countryShare // countries that both name
	titleNames   // the share of the titles' names that the other article has
	nameConflict // each title has a name that the other article lacks
	numConflict  // the same with numbers
	landConflict // the same with countries
	dayConflict  // the same with days
	shingleShare // shingles of the shorter in the longer
	nameAndStem  // the geometric mean of the two
	evidence     // how much they share that isn't bound to a language
	lookalike    // conflicts in texts that are otherwise alike
	features
)

type vector [features]float64

// judge is a logistic regression.
type judge [features]float64

func (j *judge) probability(x *vector) float64 {
	z := 0.0
	for i, v := range x {
		z += v * j[i]
	}
	return 1 / (1 + math.Exp(-z))
}

// Joins at least this likely are made. The judge learns from as many pairs of one
// event as of two.
const (
	eventThreshold       = .4
	untitledThreshold    = .7 // where one has no title: a first sentence says less
	translationThreshold = .65
)

// Joins of two articles that were flagged with the same signal, for the same
// country and direction, within soon: what is looked for is rare, so that two
// reports of it at one time mostly are of one event. Titles that name different
// cities need as much as others.
const (
	soon                        = 48 * time.Hour
	flaggedEventThreshold       = .35
	flaggedTranslationThreshold = .4
)

// Articles in two languages that were both flagged, with nothing in common or of
// different cities, need more: they are alike because such news is.
const otherTranslationThreshold = .85

// Event compares two articles that aren't the same text. The score is how
// likely they are to tell of the same event, from 0 to 1; joined says whether
// that is enough, and nothing that excludes it stands against it: another
// country, name, number or day in the same place of a title. They are taken to
// have come within two days of each other.
func Event(a, b *Sketch) (score float64, joined bool) { return event(a, b, true) }

// event is Event; near says whether the two came within soon.
func event(a, b *Sketch, near bool) (score float64, joined bool) {
	x, flagged, other, veto := compare(a, b)
	j, threshold := &eventJudge, eventThreshold
	switch {
	case a.Lang != b.Lang && near && flagged:
		j, threshold = &translationJudge, flaggedTranslationThreshold
	case a.Lang != b.Lang && other:
		j, threshold = &translationJudge, otherTranslationThreshold
	case a.Lang != b.Lang:
		j, threshold = &translationJudge, translationThreshold
	case a.untitled || b.untitled:
		threshold = untitledThreshold
	case near && flagged:
		threshold = flaggedEventThreshold
	}
	score = j.probability(&x)
	return score, !veto && score >= threshold
}

// Features are what Event weighs, for learning the weights, and whether
// something excludes that the two tell of the same event.
func Features(a, b *Sketch) (x []float64, veto bool) {
	v, _, _, veto := compare(a, b)
	return v[:], veto
}

// common sums up what two sketches have of a kind.
type common struct {
	dot, a2, b2    float64 // of the weights
	both           float64 // the lighter weights of shared terms
	a, b           float64 // of all weights
	shared         int
	titleA, foundA float64 // weights in the title of a, and of those that b has
	titleB, foundB float64
}

func (c *common) cosine() float64 {
	if c.dot == 0 {
		return 0
	}
	return c.dot / math.Sqrt(c.a2*c.b2)
}

// overlap is the shared weight of that of the lighter side, and some more, so
// that a single term is less than all.
func (c *common) overlap(more float64) float64 {
	return c.both / (min(c.a, c.b) + more)
}

// titles is how much of the titles the other article has.
func (c *common) titles(more float64) float64 {
	return (c.foundA + c.foundB) / (c.titleA + c.titleB + more)
}

// conflict is the lighter of what each title has and the other article lacks.
func (c *common) conflict() float64 {
	return min(c.titleA-c.foundA, c.titleB-c.foundB)
}

func (c *common) addA(t term) {
	w := float64(t.weight) / 16
	c.a += w
	c.a2 += w * w
	if t.where&inTitle != 0 {
		c.titleA += w
	}
}

func (c *common) addB(t term) {
	w := float64(t.weight) / 16
	c.b += w
	c.b2 += w * w
	if t.where&inTitle != 0 {
		c.titleB += w
	}
}

func (c *common) share(a, b term) {
	wa, wb := float64(a.weight)/16, float64(b.weight)/16
	c.addA(a)
	c.addB(b)
	c.dot += wa * wb
	c.both += min(wa, wb)
	c.shared++
	if a.where&inTitle != 0 {
		c.foundA += wa
	}
	if b.where&inTitle != 0 {
		c.foundB += wb
	}
}

// meet walks through the terms of two sketches.
func meet(a, b *Sketch) (of [kinds]common) {
	x, y := a.terms, b.terms
	for len(x) > 0 || len(y) > 0 {
		switch {
		case len(y) == 0 || len(x) > 0 && x[0].key < y[0].key:
			of[x[0].kind].addA(x[0])
			x = x[1:]
		case len(x) == 0 || y[0].key < x[0].key:
			of[y[0].kind].addB(y[0])
			y = y[1:]
		default:
			of[min(x[0].kind, y[0].kind)].share(x[0], y[0])
			x, y = x[1:], y[1:]
		}
	}
	return of
}

// compare gives the features of a pair, whether both were flagged with the same and
// may be of one city, whether both were flagged otherwise, and whether something
// excludes that the two tell of the same event.
func compare(a, b *Sketch) (x vector, flagged, other, veto bool) {
	of := meet(a, b)
	same := a.Lang == b.Lang
	names, numbers, lands, days := &of[nameKind], &of[numberKind], &of[countryKind], &of[dayKind]
	x[bias] = 1
	if same {
		x[stemCosine] = of[stemKind].cosine()
		x[titleFound] = of[stemKind].titles(1)
		if shared, n := overlap(a.print.shingles, b.print.shingles); n > 0 {
			x[shingleShare] = float64(shared) / float64(n) * min(1, float64(n)/6)
		}
	}
	x[nameOverlap] = names.overlap(1.5)
	x[nameCosine] = names.cosine()
	x[wordCosine] = of[wordKind].cosine()
	x[numberShare] = min(numbers.both, 4) / 4
	if !same { // in one language the words themselves say more
		x[conceptCos] = of[conceptKind].cosine()
		x[countryShare] = lands.overlap(.5)
		x[landConflict] = min(lands.conflict(), 1)
	}
	x[titleNames] = names.titles(1.5)
	x[nameConflict] = min(names.conflict(), 3) / 3
	x[numConflict] = min(numbers.conflict(), 2) / 2
	x[dayConflict] = min(days.conflict(), 1)
	x[nameAndStem] = math.Sqrt(x[stemCosine] * x[nameOverlap])
	shared := names.both + of[wordKind].both/2 + numbers.both + of[conceptKind].both + lands.both/2
	x[evidence] = math.Log1p(shared) / 3
	x[lookalike] = (x[nameConflict] + x[numConflict] + x[landConflict]) * max(x[stemCosine], x[shingleShare])
	cities := &of[cityKind]
	signals := &of[signalKind]
	elsewhere := cities.shared == 0 && cities.a > 0 && cities.b > 0
	flagged = signals.shared > 0 && !elsewhere
	other = !flagged && signals.a > 0 && signals.b > 0
	return x, flagged, other, excluded(a, b, &of, &x)
}

// Bounds of what excludes.
const (
	alike         = .4  // of the titles' stems: from here on another number or name in it counts
	copiedPart    = .55 // of the shingles: from here on another name in a place of the body counts
	leastEvidence = 3   // terms that two articles in different languages share
	rareConcept   = .9  // the weight of a concept that says as much as a name
)

// excluded reports whether something speaks against a pair that no likeness
// makes up for.
func excluded(a, b *Sketch, of *[kinds]common, x *vector) bool {
	names, numbers, lands := &of[nameKind], &of[numberKind], &of[countryKind]
	switch {
	case a.Digest, b.Digest:
		return true
	case x[dayConflict] > 0 && of[dayKind].shared == 0:
		return true
	case lands.titleA > 0 && lands.titleB > 0 && lands.foundA == 0 && lands.foundB == 0, lands.conflict() > 0:
		return true
	}
	if a.Lang != b.Lang {
		n := names.shared + of[wordKind].shared + numbers.shared + of[conceptKind].shared + min(lands.shared, 1)
		return n < leastEvidence || names.shared+numbers.shared == 0 && of[conceptKind].both < rareConcept
	}
	if conflicts(a.print.titled, b.print.titled) || x[shingleShare] >= copiedPart && conflicts(a.print.slots, b.print.slots) {
		return true
	}
	close := of[stemKind].titles(0) >= alike
	return close && (numbers.conflict() > 0 || names.conflict() > 0)
}

// Together reports whether two articles belong to one story in any of the three
// ways, whatever the time between them.
func Together(a, b *Sketch) bool {
	if a.Digest || b.Digest {
		return false
	}
	if _, same := Same(a.print, b.print); same {
		return true
	}
	_, joined := Event(a, b)
	return joined
}
