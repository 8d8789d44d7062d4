package sqlite

// sieve tells keys that surely aren't among those that were put into it from
// those that may be: of these a few in a hundred, at most, aren't. Each layer is a
// Bloom filter with the bits of a key in one line of the processor's cache (F.
// Putze, P. Sanders, J. Singler, Cache-, hash- and space-efficient Bloom filters,
// 2007), and twice as large as the one before.
type sieve struct {
	layers []sieveLayer
	room   int // for so many keys in the last layer
}

// sieveLayer has a power of two of lines.
type sieveLayer []keyLine

type keyLine [8]uint64

const (
	firstLines = 1 << 12 // 256 KiB
	mostLayers = 5       // 7.75 MiB
	keysOfLine = 42      // 12 bits a key
)

// put adds a key. It is false where there is no room for more.
func (s *sieve) put(key int64) bool {
	if s.room == 0 {
		if len(s.layers) == mostLayers {
			return false
		}
		l := make(sieveLayer, firstLines<<len(s.layers))
		s.layers = append(s.layers, l)
		s.room = keysOfLine * len(l)
	}
	s.room--
	h := sieveHash(key)
	s.layers[len(s.layers)-1].line(h).mark(h)
	return true
}

// may reports whether a key may be among those that were put.
func (s *sieve) may(key int64) bool {
	h := sieveHash(key)
	for _, l := range s.layers {
		if l.line(h).marked(h) {
			return true
		}
	}
	return false
}

// line is the one that a hash belongs into, by its upper bits.
func (l sieveLayer) line(h uint64) *keyLine { return &l[h>>36&uint64(len(l)-1)] }

// mark sets the bits of a hash, by its lower 36 bits.
func (k *keyLine) mark(h uint64) {
	for range 4 {
		k[h>>6&7] |= 1 << (h & 63)
		h >>= 9
	}
}

func (k *keyLine) marked(h uint64) bool {
	for range 4 {
		if k[h>>6&7]&(1<<(h&63)) == 0 {
			return false
		}
		h >>= 9
	}
	return true
}

// sieveHash spreads a key over 64 bits; its steps are those of SplitMix64.
func sieveHash(key int64) uint64 {
	h := (uint64(key) ^ uint64(key)>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
