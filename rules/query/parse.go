package query

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"driftwatch/configs"
)

// Error is what is wrong with a query, and where. Hint is the nearest right
// name, if there is one.
type Error struct {
	Place Place
	Msg   string
	Hint  string
}

func (e *Error) Error() string {
	if e.Hint != "" {
		return e.Msg + ", did you mean " + e.Hint + "?"
	}
	return e.Msg
}

// Errors are all faults of a query, in the order in which they stand.
type Errors []*Error

func (e Errors) Error() string {
	all := make([]string, len(e))
	for i, one := range e {
		all[i] = one.Error()
	}
	return strings.Join(all, "\n")
}

// Unwrap gives the faults to errors.As.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, one := range e {
		all[i] = one
	}
	return all
}

// deepest is how far parentheses may nest: no query that a person writes comes
// near it, and a hostile one can't exhaust the stack.
const deepest = 64

// Parse reads a query. The error is an Errors: what is wrong with single words
// of the query is collected, and what leaves its structure unknown ends it. The
// tree is returned too, for its names to be checked; in the second case it has
// nothing but the names, and is nil where there are none.
func Parse(src string) (n Node, err error) {
	p := &parser{src: src}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			n, p.errs = names(src), append(p.errs, e)
		}
		if len(p.errs) > 0 {
			err = p.errs
		}
	}()
	p.next()
	n = p.or()
	if p.tok.kind != endToken {
		p.expected("AND, OR, NEAR/n or W/2S")
	}
	return n, nil
}

// names are the @names and #names of a query whose structure is unknown.
func names(src string) Node {
	var parts []Node
	p := &parser{src: src}
	for p.at < len(src) {
		start := p.at
		sign := src[start]
		p.at++
		switch sign {
		case '"':
			end := strings.IndexByte(src[p.at:], '"')
			if end < 0 {
				p.at = len(src) // what is quoted is unknown too
				continue
			}
			p.at += end + 1
		case '@', '#':
			name := p.name("_-")
			if at := (Place{start, p.at}); name != "" {
				parts = append(parts, named(token{Place: at, text: name, kind: nameSigns[sign]}))
			}
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return &And{Place: around(parts), Parts: parts}
}

// nameSigns are what stands before a name.
var nameSigns = map[byte]tokenKind{'@': conceptToken, '#': countryToken}

// named is the node of a name.
func named(t token) Node {
	switch {
	case t.kind == conceptToken:
		return &Concept{Place: t.Place, Name: t.text}
	case isCountry(t.text):
		return &Country{Place: t.Place, Code: t.text}
	}
	return &Entity{Place: t.Place, ID: t.text}
}

type tokenKind int

const (
	endToken tokenKind = iota
	wordToken
	phraseToken
	conceptToken
	countryToken
	conditionToken
	openToken
	closeToken
	commaToken
	nearToken
	withinToken
)

type token struct {
	kind tokenKind
	text string // a name without its sign, a phrase without its quotes
	n    int    // of NEAR
	Place
}

func (t token) String() string {
	switch t.kind {
	case endToken:
		return "the end"
	case phraseToken:
		return `"` + t.text + `"`
	case conceptToken:
		return "@" + t.text
	case countryToken:
		return "#" + t.text
	case nearToken:
		return "NEAR/" + strconv.Itoa(t.n)
	default:
		return t.text
	}
}

type parser struct {
	src   string
	at    int
	tok   token
	depth int
	errs  Errors
}

// wrong notes a fault that the reading can go on from.
func (p *parser) wrong(at Place, hint, format string, args ...any) {
	p.errs = append(p.errs, &Error{Place: at, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

func (p *parser) fail(format string, args ...any) {
	panic(&Error{Place: p.tok.Place, Msg: fmt.Sprintf(format, args...)})
}

// expected ends the reading at a token that nothing can be put together with.
func (p *parser) expected(what string) {
	e := &Error{Place: p.tok.Place, Msg: fmt.Sprintf("expected %s before %s", what, p.tok)}
	if p.tok.kind == closeToken {
		e.Msg = "this parenthesis closes nothing"
	}
	panic(e)
}

// or = and { OR and }
func (p *parser) or() Node {
	if p.depth++; p.depth > deepest {
		p.fail("parentheses nest deeper than %d", deepest)
	}
	defer func() { p.depth-- }()
	first := p.and()
	if !p.is("OR") {
		return first
	}
	parts := []Node{first}
	for p.is("OR") {
		p.next()
		parts = append(parts, p.and())
	}
	return &Or{Place: around(parts), Parts: parts}
}

// and = not { AND not }
func (p *parser) and() Node {
	parts := []Node{p.not()}
	for {
		switch {
		case p.is("AND"):
			p.next()
		case p.begins():
			p.wrong(p.tok.Place, "", "expected AND, OR, NEAR/n or W/2S before %s", p.tok)
		case len(parts) == 1:
			return parts[0]
		default:
			return &And{Place: around(parts), Parts: parts}
		}
		parts = append(parts, p.not())
	}
}

// begins reports a token that begins a part of its own: what joins it to the one
// before it is missing.
func (p *parser) begins() bool {
	switch p.tok.kind {
	case phraseToken, conceptToken, countryToken, conditionToken, openToken:
		return true
	case wordToken:
		return p.is("NOT") || slices.Contains(prefixes, p.tok.text)
	}
	return false
}

// not = { NOT } near
func (p *parser) not() Node {
	if !p.is("NOT") {
		return p.near()
	}
	if p.depth++; p.depth > deepest {
		p.fail("NOT nests deeper than %d", deepest)
	}
	defer func() { p.depth-- }()
	start := p.tok.Start
	p.next()
	part := p.not()
	return &Not{Place: Place{start, part.Where().End}, Part: part}
}

// near = primary { (NEAR/n | W/2S) primary }
func (p *parser) near() Node {
	n := p.primary()
	for links := 0; ; links++ {
		op := p.tok
		if links == deepest && (op.kind == nearToken || op.kind == withinToken) {
			p.fail("more than %d parts are joined by NEAR and W/2S", deepest)
		}
		switch op.kind {
		case nearToken:
			p.next()
			b := p.primary()
			n = &Near{Place: Place{n.Where().Start, b.Where().End}, Words: op.n, A: n, B: b}
		case withinToken:
			p.next()
			b := p.primary()
			n = &Within{Place: Place{n.Where().Start, b.Where().End}, A: n, B: b}
		default:
			return n
		}
	}
}

func (p *parser) primary() Node {
	t := p.tok
	switch t.kind {
	case openToken:
		p.next()
		n := p.or()
		p.close(t)
		return n
	case phraseToken:
		p.next()
		return &Phrase{Place: t.Place, Text: t.text}
	case conceptToken, countryToken:
		p.next()
		return named(t)
	case conditionToken:
		p.next()
		return p.condition(t)
	case wordToken:
		return p.keyword(t)
	}
	p.fail("expected a @concept, a #country, a \"phrase\" or a parenthesis, found %s", t)
	return nil
}

// isCountry tells a country's code, or a set of countries, from the id of an
// entity.
func isCountry(name string) bool {
	return name == "country" || name == "third" || len(name) == 2 && strings.ToUpper(name) == name
}

// Ownerships are the values of source.ownership.
var Ownerships = []string{"state", "private", "public", "public-foreign", "official", "thinktank", "exile"}

// Languages are the values of lang; und is a language that isn't read.
var Languages = []string{"en", "ru", "kk", "ky", "uz", "tg", "tk", "uz-Cyrl", "kk-Latn", "kk-Arab", "tk-Cyrl", "und"}

// languageSlips are what people write for a language that is read: its
// country's code, its code of three letters (ISO 639-2) and its name.
var languageSlips = map[string]string{
	"eng": "en", "english": "en", "rus": "ru", "russian": "ru",
	"kz": "kk", "kaz": "kk", "kazakh": "kk", "kg": "ky", "kir": "ky", "kyrgyz": "ky",
	"uzb": "uz", "uzbek": "uz", "tj": "tg", "tgk": "tg", "tajik": "tg", "tm": "tk", "tuk": "tk", "turkmen": "tk",
}

// NearestLanguage is the language that a wrong code was most likely meant for;
// nothing where none is near.
func NearestLanguage(wrong string) string {
	if code, ok := languageSlips[strings.ToLower(wrong)]; ok {
		return code
	}
	return configs.Nearest(wrong, Languages)
}

// ownershipSlips are what people write for an ownership, and countrySlips for the
// code of a country.
var (
	ownershipSlips = map[string]string{
		"government": "state", "governmental": "state", "public-broadcaster": "public", "commercial": "private",
		"independent": "private", "foreign": "public-foreign", "think-tank": "thinktank", "exiled": "exile",
	}
	countrySlips = map[string]string{
		"kaz": "KZ", "kgz": "KG", "uzb": "UZ", "tjk": "TJ", "tkm": "TM", "rus": "RU", "kazakhstan": "KZ", "kyrgyzstan": "KG",
		"uzbekistan": "UZ", "tajikistan": "TJ", "turkmenistan": "TM", "russia": "RU", "international": "INT",
	}
	conditionSlips = map[string]string{
		"ownership": "source.ownership", "country": "source.country", "language": "lang", "source.lang": "lang", "source.language": "lang",
	}
)

// slip is what a wrong value was most likely meant for: one of the right ones, or what
// people write for it; nothing where none is near.
func slip(wrong string, right []string, slips map[string]string) string {
	near := configs.Nearest(strings.ToLower(wrong), slices.Concat(right, slices.Sorted(maps.Keys(slips))))
	return cmp.Or(slips[near], near)
}

// conditions are what may stand before a colon, and its values; nil: the codes
// of countries.
var conditions = map[string][]string{"lang": Languages, "source.country": nil, "source.ownership": Ownerships}

// condition reads what stands on both sides of a colon.
func (p *parser) condition(t token) Node {
	of, value, _ := strings.Cut(t.text, ":")
	faults := len(p.errs)
	if _, ok := conditions[of]; !ok {
		at := Place{t.Start, t.Start + len(of)}
		if scope := strings.ToUpper(of); slices.Contains(scopes, scope) {
			p.wrong(at, scope+"(…)", "unknown condition %s", of)
			return &unread{Place: t.Place}
		}
		all := slices.Sorted(maps.Keys(conditions))
		right := slip(of, all, conditionSlips)
		if right == "" {
			p.wrong(at, "", "unknown condition %q: there are %s", of+":", strings.Join(all, ", "))
			return &unread{Place: t.Place}
		}
		p.wrong(at, right, "unknown condition %s", of)
		of = right
	}
	p.value(of, value, Place{t.End - len(value), t.End})
	if len(p.errs) > faults {
		return &unread{Place: t.Place}
	}
	return &Condition{Place: t.Place, Of: of, Value: value}
}

// value checks what stands behind a colon.
func (p *parser) value(of, value string, at Place) {
	switch {
	case of == "lang" && !slices.Contains(Languages, value):
		p.wrong(at, NearestLanguage(value), "lang is one of %s", strings.Join(Languages, ", "))
	case of == "source.ownership" && !slices.Contains(Ownerships, value):
		p.wrong(at, slip(value, Ownerships, ownershipSlips), "%s is one of %s", of, strings.Join(Ownerships, ", "))
	case of == "source.country" && value != "INT" && (len(value) != 2 || strings.ToUpper(value) != value):
		near := slip(value, nil, countrySlips)
		if len(value) == 2 && isLetters(value) {
			near = strings.ToUpper(value)
		}
		p.wrong(at, near, "%s takes the code of a country, as in %s:KZ, or INT", of, of)
	}
}

// isLetters reports a word of Latin letters alone.
func isLetters(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) })
}

func (p *parser) keyword(t token) Node {
	switch t.text {
	case scopes[0], scopes[1], scopes[2]:
		part, end := p.argument(t)
		return &Scope{Place: Place{t.Start, end}, Kind: t.text, Part: part}
	case "AFFIRMED", "NEGATED":
		part, end := p.argument(t)
		c, ok := part.(*Concept)
		if !ok {
			if _, faulty := part.(*unread); !faulty {
				p.wrong(part.Where(), eachOf(t.text, part), "%s takes one @concept, found %s", t.text, part)
			}
			return &unread{Place: part.Where(), part: part}
		}
		return &Polarity{Place: Place{t.Start, end}, Negated: t.text == "NEGATED", Of: *c}
	case "ATLEAST":
		return p.atLeast(t)
	case "AND", "OR", "NOT", "OF":
		p.fail("expected a @concept, a #country, a \"phrase\" or a parenthesis, found %s", t)
	}
	near := configs.Nearest(strings.ToUpper(t.text), keywords)
	if near == "" {
		return p.bare()
	}
	p.wrong(t.Place, near, "unknown operator %s", t.text)
	if near != "ATLEAST" && slices.Contains(prefixes, near) {
		part, _ := p.argument(t)
		return part
	}
	panic(p.errs.pop())
}

// bare reads words that lack their quotes.
func (p *parser) bare() Node {
	words, at := p.tok.text, p.tok.Place
	for p.next(); p.tok.kind == wordToken && !slices.Contains(prefixes, p.tok.text) && !slices.Contains(infixes, p.tok.text); p.next() {
		words, at.End = words+" "+p.tok.text, p.tok.End
	}
	p.wrong(at, "", "a phrase stands in quotes: %q", words)
	return &Phrase{Place: at, Text: words}
}

// scopes and prefixes are the operators that take a parenthesis.
var (
	scopes   = []string{"SENTENCE", "PARAGRAPH", "TITLE"}
	prefixes = append([]string{"AFFIRMED", "NEGATED", "ATLEAST"}, scopes...)
)

// eachOf says a polarity of each of several alternatives; nothing where they aren't
// all concepts.
func eachOf(polarity string, n Node) string {
	or, ok := n.(*Or)
	if !ok {
		return ""
	}
	parts := make([]string, len(or.Parts))
	for i, part := range or.Parts {
		if _, ok := part.(*Concept); !ok {
			return ""
		}
		parts[i] = polarity + "(" + part.String() + ")"
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// pop takes the last fault away, for it to end the reading.
func (e *Errors) pop() *Error {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// argument reads a parenthesised query and where it ends.
func (p *parser) argument(of token) (Node, int) {
	p.next()
	open := p.tok
	if open.kind != openToken {
		p.fail("expected ( after %s, found %s", of.text, p.tok)
	}
	p.next()
	n := p.or()
	end := p.tok.End
	p.close(open)
	return n, end
}

func (p *parser) atLeast(t token) Node {
	p.next()
	n, err := strconv.Atoi(p.tok.text)
	number := p.tok.Place
	switch {
	case p.tok.kind == wordToken && !p.is("OF"):
		if err != nil || n < 1 {
			p.wrong(number, "", "ATLEAST takes a number from 1, as in ATLEAST 2 OF (…), found %s", p.tok)
			n = 1
		}
		p.next()
	default:
		p.wrong(number, "", "ATLEAST takes a number from 1, as in ATLEAST 2 OF (…), found %s", p.tok)
		n = 1
	}
	if p.is("OF") {
		p.next()
	} else {
		p.wrong(p.tok.Place, "", "expected OF after ATLEAST %d, found %s", n, p.tok)
	}
	open := p.tok
	if open.kind != openToken {
		p.fail("expected ( after OF, found %s", p.tok)
	}
	p.next()
	parts := []Node{p.or()}
	for p.tok.kind == commaToken {
		p.next()
		parts = append(parts, p.or())
	}
	end := p.tok.End
	p.close(open)
	if n > len(parts) {
		p.wrong(number, "", "ATLEAST %d OF a list of %d can never match", n, len(parts))
	}
	return &AtLeast{Place: Place{t.Start, end}, N: n, Parts: parts}
}

func (p *parser) close(open token) {
	switch p.tok.kind {
	case closeToken:
		p.next()
	case endToken:
		panic(&Error{Place: open.Place, Msg: "this parenthesis is never closed"})
	default:
		p.expected("AND, OR, NEAR/n, W/2S or )")
	}
}

func (p *parser) is(keyword string) bool { return p.tok.kind == wordToken && p.tok.text == keyword }

var keywords = []string{
	"AND", "OR", "NOT", "OF", "NEAR/8", "W/2S", "SENTENCE", "PARAGRAPH", "TITLE", "ATLEAST", "AFFIRMED", "NEGATED",
}

// next reads the next token into p.tok.
func (p *parser) next() {
	for p.at < len(p.src) {
		r, w := utf8.DecodeRuneInString(p.src[p.at:])
		if !unicode.IsSpace(r) {
			break
		}
		p.at += w
	}
	start, before := p.at, p.tok
	p.tok = token{Place: Place{start, start}}
	if start == len(p.src) {
		return
	}
	switch c := p.src[start]; c {
	case '(', ')', ',':
		p.at++
		p.tok.kind = map[byte]tokenKind{'(': openToken, ')': closeToken, ',': commaToken}[c]
		p.tok.text = string(c)
	case '"':
		p.phrase(start)
	case '@', '#':
		p.at++
		p.tok.text = p.name("_-")
		p.tok.End = p.at
		p.tok.kind = nameSigns[c]
		if p.tok.text == "" {
			p.fail("expected a name after %c", c)
		}
	default:
		p.word(before)
	}
	p.tok.End = p.at
}

func (p *parser) phrase(start int) {
	end := strings.IndexByte(p.src[start+1:], '"')
	if end < 0 {
		p.tok.End = len(p.src)
		p.fail("this quote is never closed")
	}
	p.at = start + 1 + end + 1
	p.tok.End = p.at
	p.tok.kind, p.tok.text = phraseToken, p.src[start+1:p.at-1]
	if strings.TrimSpace(p.tok.text) == "" {
		p.fail("these quotes are empty")
	}
}

// name reads letters, digits and the signs in also.
func (p *parser) name(also string) string {
	start := p.at
	for p.at < len(p.src) {
		r, w := utf8.DecodeRuneInString(p.src[p.at:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(also, r) {
			break
		}
		p.at += w
	}
	return p.src[start:p.at]
}

// word reads a word, which may be an operator; before is what stands before it.
func (p *parser) word(before token) {
	text := p.name("_-/:.")
	if text == "" {
		_, w := utf8.DecodeRuneInString(p.src[p.at:])
		p.at += w
		p.tok.End = p.at
		sign := p.src[p.tok.Start:p.at]
		if strings.Contains("“”„‟«»‘’‚′″", sign) {
			p.fail("%s is no quotation mark that a query knows: a phrase stands between straight ones, \"so\"", sign)
		}
		at := p.tok.Place
		if next := p.src[p.at:]; strings.HasPrefix(next, sign) {
			sign, at.End = sign+sign, at.End+w
		}
		e := &Error{Place: at, Msg: fmt.Sprintf("%q has no meaning here", sign), Hint: signs[sign]}
		if e.Hint == "" {
			panic(e)
		}
		p.errs, p.at = append(p.errs, e), at.End
		p.tok = token{kind: wordToken, text: e.Hint, Place: at}
		return
	}
	p.tok.kind, p.tok.End = wordToken, p.at
	if up := strings.ToUpper(text); up != text && (slices.Contains(infixes, up) || strings.HasPrefix(up, "NEAR/")) {
		p.wrong(p.tok.Place, up, "an operator is written in capitals, found %s", text)
		text = up
	}
	p.tok.text = text
	switch {
	case text == "W/2S":
		p.tok.kind = withinToken
	case strings.HasPrefix(text, "W/"):
		p.wrong(p.tok.Place, "W/2S", "unknown operator %s", text)
		p.tok.kind = withinToken
	case text == "-" && p.at < len(p.src) && strings.IndexByte("@#(\"", p.src[p.at]) >= 0:
		p.minus(before)
	case strings.ContainsRune(text, ':'):
		p.tok.kind = conditionToken
	case strings.HasPrefix(text, "NEAR"):
		n, err := strconv.Atoi(strings.TrimPrefix(text, "NEAR/"))
		if err != nil || n < 1 || n > 100 {
			p.wrong(p.tok.Place, "", "NEAR needs a number of words from 1 to 100, as in NEAR/8, found %s", text)
			p.number()
		}
		p.tok.kind, p.tok.n = nearToken, n
	}
}

// minus reads the sign that search engines have for NOT, as the AND NOT that it is
// behind another part.
func (p *parser) minus(before token) {
	switch before.kind {
	case phraseToken, conceptToken, countryToken, conditionToken, closeToken:
		p.wrong(p.tok.Place, "AND NOT", "%q has no meaning here", "-")
		p.tok.text, p.at = "AND", p.tok.Start // it is read once more
		return
	case wordToken:
		if before.Start == p.tok.Start {
			p.tok.text = "NOT"
			return
		}
	}
	p.wrong(p.tok.Place, "NOT", "%q has no meaning here", "-")
	p.tok.text = "NOT"
}

// infixes are the operators that stand without a parenthesis.
var infixes = []string{"AND", "OR", "NOT", "OF", "W/2S"}

// signs are what other languages write for operators.
var signs = map[string]string{"&": "AND", "&&": "AND", "|": "OR", "||": "OR", "!": "NOT", "!!": "NOT"}

// number passes over the number that stands apart from its NEAR.
func (p *parser) number() {
	at := p.at
	for at < len(p.src) && p.src[at] == ' ' {
		at++
	}
	if from := at; from > p.at {
		for at < len(p.src) && p.src[at] >= '0' && p.src[at] <= '9' {
			at++
		}
		if at > from {
			p.at = at
		}
	}
}

func around(parts []Node) Place {
	return Place{parts[0].Where().Start, parts[len(parts)-1].Where().End}
}
