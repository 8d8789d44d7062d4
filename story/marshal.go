package story

import (
	"encoding/binary"
	"errors"
)

// format is the first byte of a stored print. A print of another format is the
// same as nothing.
const format = 1

// hashBytes is what a stored hash takes: its lowest 16 bits are 0.
const hashBytes = 6

var errPrint = errors.New("read a stored print: it is damaged")

// MarshalBinary implements encoding.BinaryMarshaler. The error is always nil.
func (p Print) MarshalBinary() ([]byte, error) {
	n := 4 + hashBytes + 4*2 + hashBytes*(len(p.shingles.kept)+len(p.names.kept)) +
		(hashBytes+2*slotWords)*(len(p.titled.kept)+len(p.slots.kept))
	b := make([]byte, 0, n)
	b = append(b, format, 0)
	if p.brief {
		b[1] = 1
	}
	b = binary.BigEndian.AppendUint16(b, uint16(p.words))
	b = appendHash(b, p.head)
	b = appendSketch(b, p.shingles, appendHash)
	b = appendSketch(b, p.names, appendHash)
	b = appendSketch(b, p.titled, appendSlot)
	b = appendSketch(b, p.slots, appendSlot)
	return b, nil
}

func appendHash(b []byte, h uint64) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(h>>32)), byte(h>>24), byte(h>>16))
}

func appendSlot(b []byte, s slot) []byte {
	b = appendHash(b, s.place)
	for _, w := range s.name {
		b = binary.BigEndian.AppendUint16(b, w)
	}
	return b
}

// appendSketch writes level and number, a byte each, and what was kept.
func appendSketch[T any](b []byte, s sketch[T], one func([]byte, T) []byte) []byte {
	b = append(b, s.level, byte(len(s.kept)))
	for _, x := range s.kept {
		b = one(b, x)
	}
	return b
}

// UnmarshalBinary implements encoding.BinaryUnmarshaler. What another version of
// the program stored in another format becomes the print of an empty text.
func (p *Print) UnmarshalBinary(b []byte) error {
	*p = Print{}
	if len(b) == 0 || b[0] != format {
		return nil
	}
	r := reader{b: b[1:]}
	out := Print{brief: r.byte() == 1, words: int(binary.BigEndian.Uint16(r.take(2))), head: r.hash()}
	out.shingles = readSketch(&r, r.hash)
	out.names = readSketch(&r, r.hash)
	out.titled = readSketch(&r, r.slot)
	out.slots = readSketch(&r, r.slot)
	if r.short || len(r.b) > 0 {
		return errPrint
	}
	*p = out
	return nil
}

// reader takes a stored print apart; short says that it ended too early.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if len(r.b) < n {
		r.short = true
		return make([]byte, n)
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) byte() byte { return r.take(1)[0] }

func (r *reader) hash() uint64 {
	b := r.take(hashBytes)
	return uint64(binary.BigEndian.Uint32(b))<<32 | uint64(binary.BigEndian.Uint16(b[4:]))<<16
}

func (r *reader) slot() slot {
	s := slot{place: r.hash()}
	for i := range s.name {
		s.name[i] = binary.BigEndian.Uint16(r.take(2))
	}
	return s
}

func readSketch[T any](r *reader, one func() T) sketch[T] {
	s := sketch[T]{level: r.byte()}
	n := int(r.byte())
	if n > 0 && !r.short {
		s.kept = make([]T, 0, n)
	}
	for range n {
		if r.short {
			return sketch[T]{}
		}
		s.kept = append(s.kept, one())
	}
	return s
}

// sketchFormat is the first byte of a stored sketch. What begins with the format
// of a print is a sketch without terms, which is found as a text alone.
const sketchFormat = 2

// termBytes is what a stored term takes.
const termBytes = 4 + 3

// MarshalBinary implements encoding.BinaryMarshaler. The error is always nil.
func (s *Sketch) MarshalBinary() ([]byte, error) {
	p, _ := s.print.MarshalBinary()
	b := make([]byte, 0, 4+len(s.Lang)+termBytes*len(s.terms)+len(p))
	flags := byte(0)
	if s.Digest {
		flags |= 1
	}
	if s.untitled {
		flags |= 2
	}
	b = append(b, sketchFormat, flags, byte(len(s.Lang)))
	b = append(b, s.Lang...)
	b = append(b, byte(len(s.terms)))
	for _, t := range s.terms {
		b = append(binary.BigEndian.AppendUint32(b, t.key), byte(t.kind), t.weight, t.where)
	}
	return append(b, p...), nil
}

// UnmarshalBinary implements encoding.BinaryUnmarshaler. What another version of
// the program stored in another format becomes the sketch of an empty text.
func (s *Sketch) UnmarshalBinary(b []byte) error {
	*s = Sketch{}
	if len(b) == 0 || b[0] != sketchFormat {
		return s.print.UnmarshalBinary(b)
	}
	r := reader{b: b[1:]}
	flags := r.byte()
	out := Sketch{Digest: flags&1 != 0, untitled: flags&2 != 0}
	out.Lang = string(r.take(int(r.byte())))
	n := int(r.byte())
	if r.short || len(r.b) <= n*termBytes {
		return errPrint
	}
	out.terms = make([]term, n)
	for i := range out.terms {
		t := r.take(termBytes)
		out.terms[i] = term{binary.BigEndian.Uint32(t), kind(t[4]), t[5], t[6]}
		if out.terms[i].kind >= kinds {
			return errPrint
		}
	}
	if err := out.print.UnmarshalBinary(r.b); err != nil {
		return err
	}
	*s = out
	return nil
}
