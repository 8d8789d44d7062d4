package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"driftwatch/crawler/charset"
	"driftwatch/crawler/date"
	"driftwatch/crawler/plain"
	"driftwatch/news"
)

// Bounds on what an endpoint answers.
const (
	maxEntry = 1 << 20 // bytes of one item; a larger one is passed over
	maxKeys  = 12      // names of fields that an error tells
)

// NotJSONError says that an endpoint's answer is no JSON at all.
type NotJSONError struct {
	*NotFeedError // what it is instead
}

// Error is a sentence.
func (e *NotJSONError) Error() string {
	if e.Page != "" || e.Wall.Kind != "" {
		return "it served HTML where JSON was expected: " + e.What
	}
	return "this is no JSON but " + e.What
}

// Unwrap is what the answer is.
func (e *NotJSONError) Unwrap() error { return e.NotFeedError }

// ShapeError says that the JSON of an answer isn't what was expected.
type ShapeError struct{ What string }

// Error is a sentence.
func (e *ShapeError) Error() string { return e.What }

// ParseJSON reads the answer of an endpoint: the posts of WordPress's REST
// interface, a JSON Feed, or, where paths are given, whatever has its items
// there. What is no JSON is a *[NotJSONError], JSON of another shape a
// *[ShapeError]. An answer that is cut off gives the items that are whole.
func ParseJSON(body []byte, o Options, paths news.JSONPaths) (*Feed, error) {
	decoded, _ := charset.XML(body, o.ContentType)
	text := bytes.TrimLeft(decoded, " \t\r\n\uFEFF")
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return nil, &NotJSONError{notFeed(body, string(decoded))}
	}
	base, err := url.Parse(o.Base)
	if err != nil || o.Base == "" {
		base = nil
	}
	e := endpoint{base: base, zone: o.Zone, paths: paths}
	f, err := e.read(text)
	if err != nil {
		return nil, err
	}
	f.settle(base)
	if f.Cut && len(f.Items) == 0 {
		return nil, &CutOffError{}
	}
	return f, nil
}

// endpoint is what is known of an answer beside its text.
type endpoint struct {
	base  *url.URL
	zone  *time.Location
	paths news.JSONPaths
}

func (e *endpoint) read(text []byte) (*Feed, error) {
	switch {
	case e.paths != (news.JSONPaths{}):
		return e.list(text, "json", e.entry)
	case text[0] == '[':
		return e.list(text, "wordpress", e.post)
	}
	if f := readJSON(text, e.base, date.Options{Zone: e.zone}); f != nil {
		return f, nil
	}
	return nil, e.unknown(text)
}

// unknown says what an object is that is no listing by itself: WordPress says so
// where it has none.
func (e *endpoint) unknown(text []byte) error {
	var refused struct{ Code, Message string }
	if json.Unmarshal(text, &refused) == nil && refused.Code != "" && refused.Message != "" {
		return &ShapeError{fmt.Sprintf("it answers with an error: %s (%s)", excerpt(refused.Message), excerpt(refused.Code))}
	}
	_, keys, err := within(text, nil)
	if err != nil {
		return &ShapeError{"its JSON can't be read: " + err.Error()}
	}
	return &ShapeError{"its JSON is neither WordPress's posts nor a JSON Feed" + having(keys) + ": say with json: where its items are"}
}

// list reads the array of items, each by read.
func (e *endpoint) list(text []byte, format string, read func(any) Item) (*Feed, error) {
	steps := stepsOf(e.paths.Items)
	f := &Feed{Format: format, Cut: breaksOff(text)}
	if f.Cut {
		text = closeJSON(text, len(steps)+1)
	}
	array, keys, err := within(text, steps)
	switch {
	case f.Cut && (err != nil || len(array) == 0 || array[0] != '['):
		return f, nil
	case err != nil:
		return nil, &ShapeError{"its JSON can't be read: " + err.Error()}
	case len(array) == 0 || array[0] != '[':
		return nil, &ShapeError{"its JSON has no list of items at " + cmp.Or(e.paths.Items, "its top") + having(keys)}
	}
	d := json.NewDecoder(bytes.NewReader(array))
	d.Token() // the bracket
	var raw json.RawMessage
	var fields []string // of the first item
	n := 0
	for ; d.More(); n++ {
		if n == MaxItems {
			f.More = true
			break
		}
		if err := d.Decode(&raw); err != nil && f.Cut {
			break
		} else if err != nil {
			return nil, &ShapeError{"its JSON can't be read: " + err.Error()}
		}
		if n == 0 {
			_, fields, _ = within(raw, nil)
		}
		if item := read(value(raw)); item.Title != "" && item.Link != "" {
			f.Items = append(f.Items, item)
		}
	}
	if n > 0 && len(f.Items) == 0 && !f.Cut {
		if format == "wordpress" {
			return nil, &ShapeError{"its JSON is an array, but not of WordPress's posts" + having(fields) + ": say with json: what the items have where"}
		}
		return nil, &ShapeError{fmt.Sprintf("none of its %d items has both a title at %s and an address at %s", n, e.paths.Title, e.paths.URL) + having(fields)}
	}
	return f, nil
}

// value reads one item; nil where it can't be read or is a monster.
func value(raw []byte) any {
	if len(raw) > maxEntry {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// post reads a post of WordPress.
func (e *endpoint) post(v any) Item {
	i := Item{
		ID:      textAt(v, "guid.rendered"),
		Link:    absolute(e.base, textAt(v, "link")),
		Title:   plain.Line(plain.Guess(textAt(v, "title.rendered"))),
		Summary: plain.HTML(textAt(v, "excerpt.rendered")),
		Content: plain.HTML(textAt(v, "content.rendered")),
	}
	if at(v, stepsOf("content.protected")) == true { // what is there asks for a password
		i.Content, i.Summary = "", ""
	}
	i.Published = e.dateOf(textAt(v, "date_gmt"), textAt(v, "date"))
	i.Updated = e.dateOf(textAt(v, "modified_gmt"), textAt(v, "modified"))
	if authors, ok := at(v, stepsOf("_embedded.author")).([]any); ok {
		var written []string
		for _, a := range authors {
			written = append(written, plain.Line(textAt(a, "name")))
		}
		i.Authors = names(written)
	}
	return i
}

// dateOf reads a date that is written in Greenwich's time and in the outlet's.
func (e *endpoint) dateOf(gmt, local string) date.Date {
	if d, ok := date.Parse(gmt, date.Options{Zone: time.UTC}); ok {
		return d
	}
	d, _ := date.Parse(local, date.Options{Zone: e.zone})
	return d
}

// entry reads an item where the source's paths say.
func (e *endpoint) entry(v any) Item {
	i := Item{
		Title:   plain.Line(plain.Guess(textAt(v, e.paths.Title))),
		Link:    e.address(v),
		Content: plain.GuessRich(textAt(v, e.paths.Text)),
	}
	i.Published, _ = date.Parse(textAt(v, e.paths.Date), date.Options{Zone: e.zone})
	return i
}

var braces = regexp.MustCompile(`\{[^{}]+\}`)

// address gives an item's address; empty where a part of it isn't there.
func (e *endpoint) address(v any) string {
	if !strings.Contains(e.paths.URL, "{") {
		return absolute(e.base, textAt(v, e.paths.URL))
	}
	whole := true
	filled := braces.ReplaceAllStringFunc(e.paths.URL, func(path string) string {
		part := textAt(v, path[1:len(path)-1])
		whole = whole && part != ""
		return part
	})
	if !whole {
		return ""
	}
	return absolute(e.base, filled)
}

func stepsOf(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, ".")
}

// at gives what lies at a path in a value, nil where there is nothing.
func at(v any, steps []string) any {
	for _, s := range steps {
		switch in := v.(type) {
		case map[string]any:
			v = in[s]
		case []any:
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 || n >= len(in) {
				return nil
			}
			v = in[n]
		default:
			return nil
		}
	}
	return v
}

// textAt gives the words or the number at a path; of an array of texts, its
// paragraphs.
func textAt(v any, path string) string {
	if path == "" {
		return ""
	}
	switch v := at(v, stepsOf(path)).(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		var parts []string
		for _, p := range v {
			if s, ok := p.(string); ok {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, "\n\n")
	}
	return ""
}

// within finds the value at a path without reading what lies beside it into
// memory. keys are the names of the fields where the path ends, or where it
// leads nowhere; the value is nil then.
func within(text []byte, steps []string) (value json.RawMessage, keys []string, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	open, err := d.Token()
	if err != nil {
		return nil, nil, err
	}
	if len(steps) == 0 && open != json.Delim('{') {
		return text, nil, nil
	}
	if open != json.Delim('{') && open != json.Delim('[') {
		return nil, nil, nil
	}
	var raw json.RawMessage
	for n := 0; d.More(); n++ {
		name := strconv.Itoa(n)
		if open == json.Delim('{') {
			key, err := d.Token()
			if err != nil {
				return nil, keys, err
			}
			name = key.(string) // a key is a string
			if len(keys) < maxKeys {
				keys = append(keys, name)
			}
		}
		if err := d.Decode(&raw); err != nil {
			return nil, keys, err
		}
		if len(steps) > 0 && name == steps[0] {
			return within(raw, steps[1:])
		}
	}
	if len(steps) == 0 {
		return text, keys, nil
	}
	return nil, keys, nil
}

// having tells the names of the fields that are there.
func having(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return " (it has " + excerpt(strings.Join(keys, ", ")) + ")"
}

// breaksOff reports whether JSON ends before it is whole.
func breaksOff(text []byte) bool {
	var whole json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(text)).Decode(&whole), io.ErrUnexpectedEOF)
}

// closeJSON ends JSON that was cut off after the last object that is whole and
// closes at a depth: an item of the list. What has none comes back as it was.
func closeJSON(text []byte, depth int) []byte {
	var open, rest []byte // the brackets that are open, and were after the last whole object
	quoted, whole := false, -1
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			open = append(open, c+2) // the bracket that closes it
		case (c == '}' || c == ']') && len(open) > 0:
			if open = open[:len(open)-1]; len(open) == depth && c == '}' {
				whole, rest = i+1, append(rest[:0], open...)
			}
		}
	}
	if whole < 0 {
		return text
	}
	slices.Reverse(rest)
	return slices.Concat(text[:whole], rest)
}
