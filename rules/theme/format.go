package theme

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unicode/utf8"

	"driftwatch/configs"
	"driftwatch/rules/query"
)

// width is how many characters of a line Format fills with a query.
const width = 100

// Format gives a pack's file in the one form that all packs have: queries as
// they print themselves, on one line or, where that is too long, in a block with
// a line for each alternative; no spaces at the end of lines, one empty line at
// most, and a line end at the end. Comments, the order of keys and all else stay
// as they are. A file with faults is not touched: the error is a configs.Errors.
func Format(name string, data []byte) ([]byte, error) {
	before, doc, err := decode(name, data)
	if err != nil {
		return nil, err
	}
	lines := tidy(strings.Split(lineEnds.Replace(string(data)), "\n"))
	out, err := formatQueries(doc, before, lines)
	if err != nil {
		return nil, err
	}
	formatted := []byte(strings.Join(collapse(out), "\n") + "\n")
	after, _, err := decode(name, formatted)
	if err != nil || !same(before, after) {
		return nil, fmt.Errorf("format %s: the file would mean something else afterwards; it was left alone: %w", name, errors.Join(err))
	}
	return formatted, nil
}

// lineEnds gives each line the end that packs have; YAML takes a lone \r for one too.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func decode(name string, data []byte) (*File, *configs.Document, error) {
	doc := configs.Open(name, data)
	var f File
	doc.Decode(&f)
	for i, s := range f.Signals {
		for _, q := range []struct{ key, src string }{{"when", s.When}, {"unless", s.Unless}} {
			if q.src == "" {
				continue
			}
			if _, err := query.Parse(q.src); err != nil {
				for _, one := range err.(query.Errors) {
					doc.FaultIn(configs.At("signals", i, q.key), one.Place.Start, one.Msg).Hint = one.Hint
				}
			}
		}
	}
	return &f, doc, doc.Err()
}

// same compares what two files mean.
func same(a, b *File) bool {
	return reflect.DeepEqual(canonical(a), canonical(b))
}

func canonical(f *File) *File {
	out := *f
	out.Signals = make([]Signal, len(f.Signals))
	for i, s := range f.Signals {
		s.When, s.Unless = printed(s.When), printed(s.Unless)
		out.Signals[i] = s
	}
	return &out
}

// printed is a query as it prints itself.
func printed(src string) string {
	n, err := query.Parse(src)
	if err != nil {
		return src
	}
	return n.String()
}

func tidy(lines []string) []string {
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return lines
}

// collapse leaves one empty line where there are several, and none at the ends.
func collapse(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

var queryKey = regexp.MustCompile(`^( *(?:- +)?)(when|unless): *(.*)$`)

// formatQueries prints the queries of signals that have a line of their own
// anew.
func formatQueries(doc *configs.Document, f *File, lines []string) ([]string, error) {
	starts := make([]int, len(f.Signals)+1)
	for i := range f.Signals {
		pos, _ := doc.Pos(configs.At("signals", i))
		starts[i] = pos.Line - 1
	}
	starts[len(f.Signals)] = len(lines)
	if len(f.Signals) == 0 {
		return lines, nil
	}
	out := append([]string(nil), lines[:starts[0]]...)
	for i, s := range f.Signals {
		for n := starts[i]; n < starts[i+1]; n++ {
			m := queryKey.FindStringSubmatch(lines[n])
			if m == nil {
				out = append(out, lines[n])
				continue
			}
			end := valueEnd(lines, n, len(m[1]))
			src := map[string]string{"when": s.When, "unless": s.Unless}[m[2]]
			if commented(m[3]) {
				out = append(out, lines[n:end]...)
			} else {
				out = append(out, printQuery(m[1]+m[2]+":", len(m[1]), src)...)
			}
			n = end - 1
		}
	}
	return out, nil
}

// valueEnd is the line behind a value that begins on line n at a key with an
// indent.
func valueEnd(lines []string, n, indent int) int {
	end := n + 1
	for end < len(lines) && (lines[end] == "" || len(lines[end])-len(strings.TrimLeft(lines[end], " ")) > indent) {
		end++
	}
	for end > n+1 && lines[end-1] == "" {
		end--
	}
	return end
}

// commented reports a comment behind a value on its line.
func commented(value string) bool {
	i := strings.LastIndex(value, " #")
	if i < 0 {
		return false
	}
	quote := value[0]
	return quote != '"' && quote != '\'' || strings.IndexByte(value[i:], quote) < 0
}

// printQuery gives the lines of a key and its query.
func printQuery(key string, indent int, src string) []string {
	n, err := query.Parse(printed(src)) // without needless parentheses
	if err != nil {
		return []string{key + " " + src}
	}
	whole := n.String()
	one := key + " " + quoted(whole)
	if utf8.RuneCountInString(one) <= width && quoted(whole) != "" {
		return []string{one}
	}
	out := []string{key + " >-"}
	alternatives := []query.Node{n}
	if or, ok := n.(*query.Or); ok {
		alternatives = or.Parts
	}
	pad := strings.Repeat(" ", indent+2)
	for i, a := range alternatives {
		text := a.String()
		if i > 0 {
			text = "OR " + text
		}
		for _, l := range wrap(text, width-len(pad)) {
			out = append(out, pad+l)
		}
	}
	return out
}

// quoted puts a query in quotes; nothing where it has both kinds.
func quoted(q string) string {
	switch {
	case !strings.ContainsAny(q, `"\`):
		return `"` + q + `"`
	case !strings.Contains(q, `'`):
		return `'` + q + `'`
	}
	return ""
}

// wrap breaks a query before AND and OR, outside of parentheses first, at a
// width where it can.
func wrap(q string, width int) []string { return wrapAt(q, width, 0) }

// deepestBreak is how deep inside parentheses a line may be broken.
const deepestBreak = 4

func wrapAt(q string, width, depth int) []string {
	if utf8.RuneCountInString(q) <= width || depth > deepestBreak {
		return []string{q}
	}
	var lines []string
	for _, part := range breakable(q, depth) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(part) <= width {
			lines[last] += " " + part
			continue
		}
		lines = append(lines, wrapAt(part, width, depth+1)...)
	}
	return lines
}

// breakable cuts a query before each AND and OR that stands as deep inside
// parentheses, or less, and isn't in quotes.
func breakable(q string, deep int) []string {
	var parts []string
	from, depth, inQuotes := 0, 0, false
	for i := 0; i < len(q); i++ {
		switch {
		case q[i] == '"':
			inQuotes = !inQuotes
		case inQuotes:
		case q[i] == '(':
			depth++
		case q[i] == ')':
			depth--
		case depth <= deep && (strings.HasPrefix(q[i:], " AND ") || strings.HasPrefix(q[i:], " OR ")):
			parts = append(parts, q[from:i])
			from = i + 1
		}
	}
	return append(parts, q[from:])
}
