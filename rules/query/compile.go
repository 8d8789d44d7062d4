package query

import (
	"cmp"
	"slices"
	"strings"
)

// Names resolves the names in a query to the numbers of postings. Each returns
// the postings that the name stands for (any of them), or false where there is
// no such name, with the nearest right one.
type Names interface {
	Concept(name string) (ids []int, nearest string, ok bool)
	Country(code string) (ids []int, nearest string, ok bool)
	Entity(id string) (ids []int, nearest string, ok bool)
	Phrase(text string) (ids []int, err error)
}

// Query is a compiled query: immutable, safe for concurrent use.
type Query struct {
	tree      Node
	simple    Node
	run       matcher
	necessary [][]int
	bound     map[Node]matcher // each node of the simple tree by itself, for Lacking
}

// Compile binds a tree to the numbers of its names. It returns every fault of
// the tree at once.
func Compile(tree Node, names Names) (*Query, []*Error) {
	c := &compiler{names: names, bound: map[Node]matcher{}}
	simple := Simplify(tree)
	q := &Query{tree: tree, simple: simple, run: c.compile(simple), bound: c.bound}
	if len(c.errs) > 0 {
		return nil, c.errs
	}
	q.necessary = necessary(q.run)
	if len(q.necessary) == 0 {
		return nil, []*Error{{
			Place: tree.Where(),
			Msg:   "this would match texts without any of its words: a query needs something that is not under NOT",
		}}
	}
	return q, nil
}

// String prints the query as an author would type it.
func (q *Query) String() string { return q.tree.String() }

// Necessary returns sets of postings of which every match contains at least one
// each: a text that has nothing of one of the sets can't match.
func (q *Query) Necessary() [][]int { return q.necessary }

// Excluded returns the numbers of what ends any match, wherever it stands in
// the window: plain names under a NOT that every match is asked for.
func (q *Query) Excluded() []int {
	parts := []matcher{q.run}
	if a, ok := q.run.(*all); ok {
		parts = a.parts
	}
	var ids []int
	for _, p := range parts {
		if n, ok := p.(*never); ok {
			ids = append(ids, sufficient(n.part)...)
		}
	}
	return ids
}

// Sufficient returns the numbers of names each of which is a match by itself.
func (q *Query) Sufficient() []int { return sufficient(q.run) }

func sufficient(m matcher) []int {
	switch m := m.(type) {
	case *postings:
		if m.polarity == 0 {
			return m.ids
		}
	case *some:
		var ids []int
		for _, p := range m.parts {
			ids = append(ids, sufficient(p)...)
		}
		return ids
	}
	return nil
}

// Concepts returns the numbers of all postings that the query reads.
func (q *Query) Concepts() []int {
	return q.predicates(func(int8) bool { return true })
}

// Rests returns the numbers of all that a match can rest on: what the query reads,
// but for what stands under a NOT.
func (q *Query) Rests() []int {
	var ids []int
	var told func(matcher)
	told = func(m matcher) {
		switch m := m.(type) {
		case *never:
		case *postings:
			ids = append(ids, m.ids...)
		default:
			parts(m, told)
		}
	}
	told(q.run)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Acts returns the numbers of the predicates: what stands under AFFIRMED or
// NEGATED.
func (q *Query) Acts() []int {
	return q.predicates(func(polarity int8) bool { return polarity != 0 })
}

// Affirmed returns the numbers of what stands under AFFIRMED.
func (q *Query) Affirmed() []int {
	return q.predicates(func(polarity int8) bool { return polarity > 0 })
}

// Denied returns the numbers of what stands under NEGATED.
func (q *Query) Denied() []int {
	return q.predicates(func(polarity int8) bool { return polarity < 0 })
}

// Plain returns the numbers of what stands by itself or under AFFIRMED.
func (q *Query) Plain() []int {
	return q.predicates(func(polarity int8) bool { return polarity >= 0 })
}

// Contradiction names two parts that every match is asked for and no text fulfils, as
// in "lang:en and lang:ru"; empty where there are none.
func (q *Query) Contradiction() string { return contradiction(q.simple) }

func contradiction(n Node) string {
	switch n := n.(type) {
	case *And:
		return contradictory(n.Parts)
	case *Or:
		first := contradiction(n.Parts[0])
		for _, p := range n.Parts {
			if contradiction(p) == "" {
				return ""
			}
		}
		return first
	case *Near:
		return cmp.Or(contradiction(n.A), contradiction(n.B))
	case *Within:
		return cmp.Or(contradiction(n.A), contradiction(n.B))
	case *Scope:
		return contradiction(n.Part)
	}
	return ""
}

// contradictory finds a part that contradicts itself, or two that do each other.
func contradictory(parts []Node) string {
	for i, p := range parts {
		if inside := contradiction(p); inside != "" {
			return inside
		}
		for _, o := range parts[:i] {
			if exclude(o, p) {
				return o.String() + " and " + p.String()
			}
		}
	}
	return ""
}

// exclude reports that no text fulfils both of two parts.
func exclude(a, b Node) bool {
	x, isA := a.(*Condition)
	y, isB := b.(*Condition)
	if isA && isB {
		return x.Of == y.Of && !strings.HasPrefix(x.Value, y.Value) && !strings.HasPrefix(y.Value, x.Value)
	}
	return denies(a, b) || denies(b, a)
}

// denies reports that a is NOT b.
func denies(a, b Node) bool {
	not, ok := a.(*Not)
	return ok && not.Part.String() == b.String()
}

func (q *Query) predicates(of func(polarity int8) bool) []int {
	var ids []int
	walk(q.run, func(m matcher) {
		if p, ok := m.(*postings); ok && of(p.polarity) {
			ids = append(ids, p.ids...)
		}
	})
	slices.Sort(ids)
	return slices.Compact(ids)
}

// matcher is a compiled node. match appends the places that it rests on to dst.
type matcher interface {
	match(s *Scan, w window, dst []Span) ([]Span, bool)
}

type (
	postings struct {
		ids      []int
		polarity int8 // 0 any, 1 affirmed, -1 negated
	}
	all   struct{ parts []matcher }
	some  struct{ parts []matcher }
	never struct{ part matcher }
	near  struct {
		words int32
		a, b  matcher
	}
	within struct{ a, b matcher }
	scope  struct {
		kind string
		part matcher
	}
	atLeast struct {
		n     int
		parts []matcher
	}
	origin struct{ of, value string }
)

type compiler struct {
	names Names
	errs  []*Error
	bound map[Node]matcher
}

func (c *compiler) compile(n Node) matcher {
	m := c.compileNode(n)
	c.bound[n] = m
	return m
}

func (c *compiler) compileNode(n Node) matcher {
	switch n := n.(type) {
	case *And:
		return &all{cheapFirst(c.each(n.Parts))}
	case *Or:
		return merged(c.each(n.Parts))
	case *Not:
		return &never{c.compile(n.Part)}
	case *Near:
		return &near{words: int32(n.Words), a: c.placed(n.A, "NEAR"), b: c.placed(n.B, "NEAR")}
	case *Within:
		return &within{a: c.placed(n.A, "W/2S"), b: c.placed(n.B, "W/2S")}
	case *Scope:
		return &scope{n.Kind, c.compile(n.Part)}
	case *AtLeast:
		return &atLeast{n.N, c.each(n.Parts)}
	case *Concept:
		ids, nearest, ok := c.names.Concept(n.Name)
		if !ok {
			c.unknown(n.Place, "there is no concept "+n.Name, "@", nearest)
		}
		return &postings{ids: ids}
	case *Country:
		ids, nearest, ok := c.names.Country(n.Code)
		if !ok {
			c.unknown(n.Place, "there is no country "+n.Code, "#", nearest)
		}
		return &postings{ids: ids}
	case *Entity:
		ids, nearest, ok := c.names.Entity(n.ID)
		if !ok {
			c.unknown(n.Place, "there is no country, set of countries or name "+n.ID, "#", nearest)
		}
		return &postings{ids: ids}
	case *Condition:
		return &origin{n.Of, n.Value}
	case *Phrase:
		ids, err := c.names.Phrase(n.Text)
		if err != nil {
			c.errs = append(c.errs, &Error{Place: n.Place, Msg: err.Error()})
		}
		return &postings{ids: ids}
	case *unread:
		if n.part != nil {
			c.compile(n.part)
		}
		return &postings{ids: []int{0}} // nothing is made of it
	case *Polarity:
		p := c.compile(&n.Of).(*postings)
		p.polarity = 1
		if n.Negated {
			p.polarity = -1
		}
		return p
	}
	panic("query: a node that Parse doesn't make")
}

func (c *compiler) each(nodes []Node) []matcher {
	ms := make([]matcher, len(nodes))
	for i, n := range nodes {
		ms[i] = c.compile(n)
	}
	return ms
}

// placed compiles an operand that must have places in the text.
func (c *compiler) placed(n Node, of string) matcher {
	switch {
	case has[*Not](n):
		c.errs = append(c.errs, &Error{Place: n.Where(), Msg: of + " needs words on both sides, and NOT has none"})
	case has[*Condition](n):
		c.errs = append(c.errs, &Error{Place: n.Where(), Msg: of + " needs words on both sides, and a condition of the source has none"})
	}
	return c.compile(n)
}

func (c *compiler) unknown(at Place, msg, sign, nearest string) {
	e := &Error{Place: at, Msg: msg}
	if nearest != "" {
		e.Hint = sign + nearest
	}
	c.errs = append(c.errs, e)
}

// has reports whether a node of type T is in the tree.
func has[T Node](n Node) bool {
	if _, ok := n.(T); ok {
		return true
	}
	switch n := n.(type) {
	case *And:
		return slices.ContainsFunc(n.Parts, has[T])
	case *Or:
		return slices.ContainsFunc(n.Parts, has[T])
	case *AtLeast:
		return slices.ContainsFunc(n.Parts, has[T])
	case *Near:
		return has[T](n.A) || has[T](n.B)
	case *Within:
		return has[T](n.A) || has[T](n.B)
	case *Scope:
		return has[T](n.Part)
	}
	return false
}

// merged makes one list of the alternatives that are plain postings.
func merged(parts []matcher) matcher {
	var plain postings
	var rest []matcher
	for _, p := range parts {
		if p, ok := p.(*postings); ok && p.polarity == 0 {
			plain.ids = append(plain.ids, p.ids...)
			continue
		}
		rest = append(rest, p)
	}
	if len(plain.ids) == 0 {
		return &some{rest}
	}
	slices.Sort(plain.ids)
	plain.ids = slices.Compact(plain.ids)
	if len(rest) == 0 {
		return &plain
	}
	return &some{append([]matcher{&plain}, rest...)}
}

// cheapFirst puts what is soon known before what has to be worked out, so that
// an AND that fails fails early.
func cheapFirst(parts []matcher) []matcher {
	slices.SortStableFunc(parts, func(a, b matcher) int { return cost(a) - cost(b) })
	return parts
}

// cost is about how many lists of places a matcher looks at; asking whether a
// place is negated is worth several.
func cost(m matcher) int {
	switch m := m.(type) {
	case *origin:
		return 0
	case *postings:
		if m.polarity != 0 {
			return 5 * len(m.ids)
		}
		return len(m.ids)
	case *near:
		return 4 + cost(m.a) + cost(m.b)
	case *within:
		return 4 + cost(m.a) + cost(m.b)
	case *never:
		return 2 + cost(m.part)
	case *scope:
		return 2 + cost(m.part)
	case *all:
		return costs(m.parts)
	case *some:
		return costs(m.parts)
	case *atLeast:
		return costs(m.parts)
	}
	panic("query: a matcher that Compile doesn't make")
}

func costs(parts []matcher) int {
	n := 1
	for _, p := range parts {
		n += cost(p)
	}
	return n
}

// necessary finds the sets of which every match has at least one each.
func necessary(m matcher) [][]int {
	switch m := m.(type) {
	case *postings:
		return [][]int{m.ids}
	case *all:
		var sets [][]int
		for _, p := range m.parts {
			sets = append(sets, necessary(p)...)
		}
		return sets
	case *some:
		return union(m.parts)
	case *near:
		return append(necessary(m.a), necessary(m.b)...)
	case *within:
		return append(necessary(m.a), necessary(m.b)...)
	case *scope:
		return necessary(m.part)
	case *atLeast:
		return union(m.parts)
	}
	return nil
}

// union is one set that holds a set of each alternative, or nothing where an
// alternative needs nothing.
func union(parts []matcher) [][]int {
	var ids []int
	for _, p := range parts {
		sets := necessary(p)
		if len(sets) == 0 {
			return nil
		}
		ids = append(ids, slices.MinFunc(sets, func(a, b []int) int { return len(a) - len(b) })...)
	}
	slices.Sort(ids)
	return [][]int{slices.Compact(ids)}
}

func walk(m matcher, visit func(matcher)) {
	visit(m)
	parts(m, func(part matcher) { walk(part, visit) })
}

// parts visits what a matcher is made of.
func parts(m matcher, visit func(matcher)) {
	switch m := m.(type) {
	case *all:
		each(m.parts, visit)
	case *some:
		each(m.parts, visit)
	case *atLeast:
		each(m.parts, visit)
	case *never:
		visit(m.part)
	case *scope:
		visit(m.part)
	case *near:
		visit(m.a)
		visit(m.b)
	case *within:
		visit(m.a)
		visit(m.b)
	}
}

func each(parts []matcher, visit func(matcher)) {
	for _, m := range parts {
		visit(m)
	}
}
