package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"driftwatch/news"
)

// layout is RFC 3339 in one width, so that times sort as text.
const layout = "2006-01-02T15:04:05.000Z"

// stamp is how a time is stored: "" where it is zero, or in a year that the
// format has no room for.
func stamp(t time.Time) string {
	if t = t.UTC(); t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return ""
	}
	return t.Format(layout)
}

// when reads a stamp back.
type when struct{ to *time.Time }

// Scan implements sql.Scanner.
func (w when) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("a time is stored as %T", v)
	}
	if s == "" {
		*w.to = time.Time{}
		return nil
	}
	t, err := time.Parse(layout, s)
	*w.to = t
	return err
}

// list is a list of strings, stored as JSON.
type list []string

func (l list) column() string {
	if len(l) == 0 {
		return "[]"
	}
	b, _ := json.Marshal([]string(l)) // strings can always be written
	return string(b)
}

// jsonInto reads a JSON column.
type jsonInto struct{ to any }

// Scan implements sql.Scanner.
func (j jsonInto) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("JSON is stored as %T", v)
	}
	if s == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(s), j.to)
}

// evidence is the stored form of news.Evidence. It has its own names so that a
// renamed field there can't change the meaning of what is stored.
type evidence struct {
	Field         string `json:"field"`
	Start         int    `json:"start"`
	End           int    `json:"end"`
	Quote         string `json:"quote"`
	Sentence      string `json:"sentence"`
	SentenceStart int    `json:"sentenceStart"`
	Words         []span `json:"words,omitempty"`
}

type span struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Leg   string `json:"leg,omitempty"`
}

func evidenceColumn(es []news.Evidence) string {
	out := make([]evidence, len(es))
	for i, e := range es {
		out[i] = evidence{Field: e.Field, Start: e.Start, End: e.End, Quote: e.Quote, Sentence: e.Sentence, SentenceStart: e.SentenceStart}
		for _, w := range e.Words {
			out[i].Words = append(out[i].Words, span(w))
		}
	}
	b, _ := json.Marshal(out) // strings and numbers can always be written
	return string(b)
}

// evidenceInto reads an evidence column.
type evidenceInto struct{ to *[]news.Evidence }

// Scan implements sql.Scanner.
func (e evidenceInto) Scan(v any) error {
	var in []evidence
	if err := (jsonInto{&in}).Scan(v); err != nil {
		return err
	}
	for _, x := range in {
		n := news.Evidence{Field: x.Field, Start: x.Start, End: x.End, Quote: x.Quote, Sentence: x.Sentence, SentenceStart: x.SentenceStart}
		for _, w := range x.Words {
			n.Words = append(n.Words, news.Span(w))
		}
		*e.to = append(*e.to, n)
	}
	return nil
}

// act and part are the stored forms of news.Act and news.Part, with names of their
// own as evidence has.
type act struct {
	Country   string `json:"country"`
	Direction string `json:"direction"`
}

type part struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

func actsColumn(acts []news.Act) string {
	out := make([]act, len(acts))
	for i, a := range acts {
		out[i] = act{a.Country, string(a.Direction)}
	}
	b, _ := json.Marshal(out) // strings can always be written
	return string(b)
}

func partsColumn(parts []news.Part) string {
	out := make([]part, len(parts))
	for i, p := range parts {
		out[i] = part(p)
	}
	b, err := json.Marshal(out)
	if err != nil { // a value that is no number
		return "[]"
	}
	return string(b)
}

// actsInto reads a column of acts.
type actsInto struct{ to *[]news.Act }

// Scan implements sql.Scanner.
func (a actsInto) Scan(v any) error {
	var in []act
	if err := (jsonInto{&in}).Scan(v); err != nil {
		return err
	}
	for _, x := range in {
		*a.to = append(*a.to, news.Act{Country: x.Country, Direction: news.Direction(x.Direction)})
	}
	return nil
}

// partsInto reads a column of parts.
type partsInto struct{ to *[]news.Part }

// Scan implements sql.Scanner.
func (p partsInto) Scan(v any) error {
	var in []part
	if err := (jsonInto{&in}).Scan(v); err != nil {
		return err
	}
	for _, x := range in {
		*p.to = append(*p.to, news.Part(x))
	}
	return nil
}

// querier is a handle or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each gives all rows of a query, one after the other.
func each(ctx context.Context, q querier, query string, args []any, take func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q querier, query string, args []any, read func(*sql.Rows) (T, error)) ([]T, error) {
	var out []T
	err := each(ctx, q, query, args, func(rows *sql.Rows) error {
		v, err := read(rows)
		if err == nil {
			out = append(out, v)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// hash reads a 64-bit hash from the signed integer that it is stored as.
type hash uint64

// Scan implements sql.Scanner.
func (h *hash) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a hash is stored as %T", v)
	}
	*h = hash(n)
	return nil
}
