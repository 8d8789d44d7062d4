package query

// Simplify gives a tree that matches the same texts with less to ask: chains of
// AND and of OR are one list, what is said twice is said once, NOT NOT is
// nothing, ATLEAST 1 is OR and ATLEAST all is AND, and a scope inside the same
// one is that one. The tree itself stays as it is; nodes may be shared.
func Simplify(n Node) Node {
	switch n := n.(type) {
	case *And:
		parts := flat(n.Parts, func(n Node) ([]Node, bool) {
			a, ok := n.(*And)
			if !ok {
				return nil, false
			}
			return a.Parts, true
		})
		if len(parts) == 1 {
			return parts[0]
		}
		return &And{n.Place, parts}
	case *Or:
		parts := flat(n.Parts, func(n Node) ([]Node, bool) {
			o, ok := n.(*Or)
			if !ok {
				return nil, false
			}
			return o.Parts, true
		})
		if len(parts) == 1 {
			return parts[0]
		}
		return &Or{n.Place, parts}
	case *Not:
		part := Simplify(n.Part)
		if inner, ok := part.(*Not); ok {
			return inner.Part
		}
		return &Not{n.Place, part}
	case *Near:
		return &Near{n.Place, n.Words, Simplify(n.A), Simplify(n.B)}
	case *Within:
		return &Within{n.Place, Simplify(n.A), Simplify(n.B)}
	case *Scope:
		part := Simplify(n.Part)
		if inner, ok := part.(*Scope); ok && inner.Kind == n.Kind {
			return inner
		}
		return &Scope{n.Place, n.Kind, part}
	case *AtLeast:
		return atLeastOf(n)
	}
	return n
}

// atLeastOf is a plain OR or AND where the number says so. Parts that are alike
// count each, so nothing is said once.
func atLeastOf(n *AtLeast) Node {
	parts := make([]Node, len(n.Parts))
	for i, p := range n.Parts {
		parts[i] = Simplify(p)
	}
	switch n.N {
	case 1:
		return Simplify(&Or{n.Place, parts})
	case len(parts):
		return Simplify(&And{n.Place, parts})
	}
	return &AtLeast{n.Place, n.N, parts}
}

// flat simplifies parts, takes in those of the same kind, and drops what is
// there already.
func flat(parts []Node, same func(Node) ([]Node, bool)) []Node {
	var out []Node
	seen := map[string]bool{}
	var add func(Node)
	add = func(n Node) {
		n = Simplify(n)
		if inner, ok := same(n); ok {
			for _, p := range inner {
				add(p)
			}
			return
		}
		if s := n.String(); !seen[s] {
			seen[s] = true
			out = append(out, n)
		}
	}
	for _, p := range parts {
		add(p)
	}
	return out
}
