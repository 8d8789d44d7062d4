package names

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"driftwatch/news"
	"driftwatch/text"
)

// Limits on what a list may hold.
const (
	maxLine      = 4 << 20 // bytes of a line
	maxJoined    = 200     // lines of one record of CSV
	maxSpellings = 64      // of one name; further ones are left out
	maxID        = 200     // bytes
)

// LineError is what is wrong with a line of a list.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

func (e *LineError) Unwrap() error { return e.Err }

// Formats are what a Reader can be told that a list is.
var Formats = []string{"opensanctions", "csv", "jsonl", "txt"}

// Reader reads a list of names, one after the other.
type Reader struct {
	r      *bufio.Reader
	zip    *gzip.Reader
	format string
	comma  byte
	column map[string]int // of CSV
	width  int            // columns
	line   int            // the last one read
	kept   []byte         // a line that was read ahead
	ahead  bool
	date   time.Time
}

// NewReader reads a list in one of Formats; "" tells it by what the list begins
// with. What gzip compressed is unpacked. Errors: what can't be read at all.
func NewReader(r io.Reader, format string) (*Reader, error) {
	in := &Reader{r: bufio.NewReaderSize(r, 1<<16), format: format}
	if magic, _ := in.r.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in.r)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		in.zip, in.r = z, bufio.NewReaderSize(z, 1<<16)
	}
	first, err := in.next()
	if err == io.EOF {
		return in, nil
	}
	if err != nil && !isLineError(err) {
		return nil, err
	}
	return in, in.begin(string(first))
}

func isLineError(err error) bool {
	var bad *LineError
	return errors.As(err, &bad)
}

// begin decides by the first line.
func (r *Reader) begin(first string) error {
	r.kept, r.ahead = []byte(first), true
	trimmed := strings.TrimSpace(first)
	r.comma = delimiter(first)
	head, err := r.fields(first)
	named := err == nil && header(head)
	switch {
	case r.format == "" && strings.HasPrefix(trimmed, "{"):
		r.format = "jsonl"
	case r.format == "" && named && slices.Contains(head, "schema") && slices.Contains(head, "aliases"):
		r.format = "opensanctions"
	case r.format == "" && (named || strings.IndexByte(",\t;", r.comma) >= 0 && strings.IndexByte(first, r.comma) >= 0):
		r.format = "csv"
	case r.format == "":
		r.format = "txt"
	case !slices.Contains(Formats, r.format):
		return fmt.Errorf("there is no format %q; it may be one of %s", r.format, strings.Join(Formats, ", "))
	}
	if r.format != "csv" && r.format != "opensanctions" {
		return nil
	}
	r.column = map[string]int{"name": 0, "id": 1, "kind": 2, "countries": 3, "aliases": 4}
	r.width = len(head)
	if named {
		r.ahead = false
		r.column = map[string]int{}
		for i, name := range head {
			r.column[strings.ToLower(strings.TrimSpace(name))] = i
		}
	} else if r.format == "opensanctions" {
		return &LineError{r.line, errors.New("the columns' names are missing: id, schema, name, aliases, countries")}
	}
	return nil
}

// header reports whether a record is the names of columns.
func header(fields []string) bool {
	return slices.ContainsFunc(fields, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), "name") })
}

// delimiter is what parts the columns of a first line: the one of tab, semicolon
// and comma that there are most of.
func delimiter(line string) byte {
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if strings.Count(line, string(c)) > strings.Count(line, string(best)) {
			best = c
		}
	}
	return best
}

// Format is what the list is read as.
func (r *Reader) Format() string { return r.format }

// Line is the number of the last line that was read.
func (r *Reader) Line() int { return r.line }

// Date is the latest date that the names read so far have; zero: none has one.
func (r *Reader) Date() time.Time { return r.date }

// Next gives the next name. io.EOF ends the list; a *LineError is about one line
// alone, and the next call goes on behind it; any other error is the end.
func (r *Reader) Next() (news.Name, error) {
	for {
		line, err := r.next()
		if err != nil {
			return news.Name{}, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		at := r.line
		n, err := r.name(line)
		if err != nil {
			return n, &LineError{at, err}
		}
		return n, nil
	}
}

func (r *Reader) name(line []byte) (news.Name, error) {
	if !utf8.Valid(line) {
		return news.Name{}, errors.New("not UTF-8; convert the file first, for example with iconv")
	}
	var n news.Name
	var err error
	switch r.format {
	case "jsonl":
		n, err = r.fromJSON(line)
	case "txt":
		n = news.Name{Kind: "other", Spellings: []string{string(line)}}
	default:
		n, err = r.fromCSV(string(line))
	}
	if err != nil {
		return n, err
	}
	return complete(n)
}

// next gives the next line without its end.
func (r *Reader) next() ([]byte, error) {
	if r.ahead {
		r.ahead = false
		return r.kept, nil
	}
	var line []byte
	long := false
	for {
		part, err := r.r.ReadSlice('\n')
		if !long && len(line)+len(part) <= maxLine {
			line = append(line, part...)
		} else {
			long, line = true, nil
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil && (err != io.EOF || len(line) == 0 && !long) {
			if err != io.EOF {
				err = fmt.Errorf("line %d: %w", r.line+1, err)
			}
			return nil, err
		}
		break
	}
	r.line++
	if long {
		return nil, &LineError{r.line, fmt.Errorf("longer than %d MiB", maxLine>>20)}
	}
	if r.line == 1 {
		line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

// fromCSV reads a record, which may go on over further lines.
func (r *Reader) fromCSV(line string) (news.Name, error) {
	for joined := 1; strings.Count(line, `"`)%2 != 0; joined++ {
		more, err := r.next()
		if err != nil || joined == maxJoined || len(line) > maxLine {
			if err == nil {
				r.kept, r.ahead = more, true
			}
			return news.Name{}, errors.New(`a quotation mark (") is opened and not closed`)
		}
		line += "\n" + string(more)
	}
	fields, err := r.fields(line)
	if err != nil {
		return news.Name{}, err
	}
	if len(fields) != r.width {
		return news.Name{}, fmt.Errorf("%d columns; the first line has %d", len(fields), r.width)
	}
	of := func(names ...string) string {
		for _, name := range names {
			if i, ok := r.column[name]; ok && i < len(fields) {
				return strings.TrimSpace(fields[i])
			}
		}
		return ""
	}
	r.dated(of("last_change"))
	r.dated(of("last_seen"))
	r.dated(of("date"))
	return news.Name{
		ID: of("id"), Kind: kindOf(of("schema", "kind", "type")), Countries: split(of("countries", "country")),
		Spellings: append([]string{of("name")}, split(of("aliases", "alias"))...),
	}, nil
}

func (r *Reader) fields(line string) ([]string, error) {
	if strings.IndexByte(line, '"') < 0 {
		return strings.Split(line, string(r.comma)), nil
	}
	c := csv.NewReader(strings.NewReader(line))
	c.Comma = rune(r.comma)
	c.FieldsPerRecord = -1
	fields, err := c.Read()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return nil, fmt.Errorf("column %d: %w", parse.Column, parse.Err)
	}
	return fields, err
}

// split parts a list by semicolons; one that has quotation marks is a record of
// its own.
func split(s string) []string {
	if s == "" {
		return nil
	}
	if strings.IndexByte(s, '"') >= 0 {
		c := csv.NewReader(strings.NewReader(s))
		c.Comma, c.LazyQuotes = ';', true
		if fields, err := c.Read(); err == nil {
			return fields
		}
	}
	return strings.Split(s, ";")
}

func (r *Reader) dated(s string) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.After(r.date) {
				r.date = t.UTC()
			}
			return
		}
	}
}

// words is a string or a list of strings in JSON.
type words []string

// UnmarshalJSON implements json.Unmarshaler.
func (w *words) UnmarshalJSON(data []byte) error {
	var one string
	if err := json.Unmarshal(data, &one); err == nil {
		if one != "" {
			*w = words{one}
		}
		return nil
	}
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		return errors.New("a string or a list of strings is expected")
	}
	*w = list
	return nil
}

// fromJSON reads an object: a flat one, or an entity of FollowTheMoney.
func (r *Reader) fromJSON(line []byte) (news.Name, error) {
	var doc struct {
		ID                                 string
		Schema, Kind, Type                 string
		Name, Caption                      string
		Aliases, Alias, Countries, Country words
		LastChange                         string `json:"last_change"`
		LastSeen                           string `json:"last_seen"`
		Date                               string
		Properties                         struct {
			Name, Alias, WeakAlias, PreviousName, Country, Jurisdiction, Nationality, Citizenship words
		}
	}
	if err := json.Unmarshal(line, &doc); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return news.Name{}, fmt.Errorf("%q is a JSON %s, which it can't be", wrong.Field, wrong.Value)
		}
		return news.Name{}, fmt.Errorf("not a JSON object: %w", err)
	}
	r.dated(doc.LastChange)
	r.dated(doc.LastSeen)
	r.dated(doc.Date)
	p := doc.Properties
	n := news.Name{ID: doc.ID, Kind: kindOf(first(doc.Schema, doc.Kind, doc.Type))}
	n.Countries = slices.Concat(doc.Countries, doc.Country, p.Country, p.Jurisdiction, p.Nationality, p.Citizenship)
	n.Spellings = slices.Concat([]string{first(doc.Name, doc.Caption)}, p.Name, doc.Aliases, doc.Alias, p.Alias, p.PreviousName)
	return n, nil
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// kinds are the kinds of names by the schemata of FollowTheMoney and by what
// lists call them.
var kinds = map[string]string{
	"person": "person", "individual": "person", "people": "person", "company": "company", "legalentity": "company",
	"organization": "organisation", "organisation": "organisation", "entity": "organisation", "publicbody": "government",
	"government": "government", "ministry": "ministry", "bank": "bank", "vessel": "vessel", "ship": "vessel",
	"airplane": "aircraft", "aircraft": "aircraft", "country": "country", "city": "city", "product": "product",
	"code": "code", "security": "security", "address": "address",
}

func kindOf(s string) string {
	if k, ok := kinds[strings.ToLower(s)]; ok {
		return k
	}
	return "other"
}

// complete cleans a name up and gives it spellings in the other script.
func complete(n news.Name) (news.Name, error) {
	var spellings []string
	var problem error
	seen := map[string]bool{}
	for _, s := range n.Spellings {
		s = strings.Join(strings.Fields(s), " ")
		folded := text.Fold(s)
		switch count := strings.Count(folded, " ") + 1; {
		case s == "" || seen[folded]:
		case folded == "":
			problem = fmt.Errorf("%q has no word", s)
		case count > text.MaxTerm:
			problem = fmt.Errorf("a name of %d words; at most %d are looked for", count, text.MaxTerm)
		case longWord(folded):
			problem = fmt.Errorf("a word of more than %d letters", text.MaxWord)
		case len(spellings) < maxSpellings:
			seen[folded] = true
			spellings = append(spellings, s)
		}
	}
	if len(spellings) == 0 {
		if problem != nil {
			return n, problem
		}
		return n, errors.New("no name")
	}
	n.Spellings = spellings
	if n.ID == "" {
		n.ID = "name:" + text.Fold(spellings[0])
	}
	if len(n.ID) > maxID {
		return n, fmt.Errorf("the id has %d bytes; it may have %d", len(n.ID), maxID)
	}
	n.Countries = countries(n.Countries)
	n.Respelled = respelled(spellings, seen)
	return n, nil
}

func longWord(folded string) bool {
	for w := range strings.FieldsSeq(folded) {
		if utf8.RuneCountInString(w) > text.MaxWord {
			return true
		}
	}
	return false
}

// countries are the codes, each once, in capitals.
func countries(list []string) []string {
	var out []string
	for _, c := range list {
		c = strings.ToUpper(strings.TrimSpace(c))
		if c != "" && len(c) <= 8 && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// respelled gives spellings in the script that a name has none in.
func respelled(spellings []string, seen map[string]bool) []string {
	var latin, cyrillic bool
	for _, s := range spellings {
		l, c := scripts(s)
		latin, cyrillic = latin || l, cyrillic || c
	}
	if latin && cyrillic {
		return nil
	}
	var out []string
	for _, s := range spellings {
		for _, other := range Respell(s) {
			if folded := text.Fold(other); folded != "" && !seen[folded] && len(out) < maxSpellings && !longWord(folded) {
				seen[folded] = true
				out = append(out, other)
			}
		}
	}
	return out
}
