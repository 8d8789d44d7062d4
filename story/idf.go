package story

import (
	_ "embed"
	"encoding/binary"
	"math"
	"slices"
)

// idfModel holds how common the words of the region's news are: see
// idf.model.LICENCE.md.
//
//go:embed idf.model
var idfModel []byte

// table has the weights of the common terms of a language; all others are rare.
type table struct {
	keys    []uint32 // ascending
	weights []uint8  // idf in sixteenths
	rare    float64  // idf of a term that isn't there
}

var tables = readTables(idfModel)

// Pooled is the language of the table of what all languages share: names,
// loanwords, numbers, concepts.
const Pooled = "*"

// mostIDF keeps a word that nobody has seen from outweighing all others; a word
// of a text with less than leastIDF is in every text.
const (
	mostIDF  = 7
	leastIDF = 2
)

// weight is a term's idf as a share of the most, from 0 to 1. A word of several
// languages is as common as where it is most so: what is a name in one may be
// an everyday word in another.
func weight(lang string, k kind, key uint32) float64 {
	switch k {
	case dayKind, signalKind, cityKind:
		return 1
	case countryKind:
		return .5
	}
	idf := min(tables[lang].idf(key), mostIDF)
	if k != stemKind {
		idf = min(idf, tables[Pooled].idf(key))
	} else if idf < leastIDF {
		return 0
	}
	return idf / mostIDF
}

// idf is the weight of a term; of a nil table that of a rare one.
func (t *table) idf(key uint32) float64 {
	if t == nil {
		return mostIDF
	}
	if i, ok := slices.BinarySearch(t.keys, key); ok {
		return float64(t.weights[i]) / 16
	}
	return t.rare
}

// Counts are how many texts of a language have a term, for AppendIDF.
type Counts struct {
	Lang  string
	Texts int
	Terms map[uint32]int
}

// Count adds a text: its Vocabulary.
func (c *Counts) Count(keys []uint32) {
	c.Texts++
	for _, k := range keys {
		c.Terms[k]++
	}
}

// AppendIDF appends the tables of languages as they are embedded: of each its
// code in 8 bytes, the number of terms, the idf of a rare one, and the terms
// that at least least texts have, the most frequent most of them.
func AppendIDF(b []byte, langs []Counts, least, most int) []byte {
	for _, c := range langs {
		var keys []uint32
		for k, n := range c.Terms {
			if n >= least {
				keys = append(keys, k)
			}
		}
		slices.SortFunc(keys, func(x, y uint32) int {
			if d := c.Terms[y] - c.Terms[x]; d != 0 {
				return d
			}
			return int(int64(x) - int64(y))
		})
		keys = keys[:min(len(keys), most)]
		slices.Sort(keys)
		idf := func(n int) byte { return byte(16 * min(math.Log(float64(c.Texts+1)/float64(n)), 15)) }
		var code [8]byte
		copy(code[:], c.Lang)
		b = append(b, code[:]...)
		b = binary.BigEndian.AppendUint32(b, uint32(len(keys)))
		b = append(b, idf(1))
		for _, k := range keys {
			b = append(binary.BigEndian.AppendUint32(b, k), idf(c.Terms[k]))
		}
	}
	return b
}

// readTables reads what AppendIDF wrote.
func readTables(b []byte) map[string]*table {
	all := map[string]*table{}
	for len(b) >= 13 {
		lang := string(slices.DeleteFunc(slices.Clone(b[:8]), func(c byte) bool { return c == 0 }))
		n := int(binary.BigEndian.Uint32(b[8:]))
		t := &table{rare: float64(b[12]) / 16, keys: make([]uint32, n), weights: make([]uint8, n)}
		b = b[13:]
		for i := range n {
			t.keys[i], t.weights[i] = binary.BigEndian.Uint32(b[5*i:]), b[5*i+4]
		}
		b = b[5*n:]
		all[lang] = t
	}
	return all
}
