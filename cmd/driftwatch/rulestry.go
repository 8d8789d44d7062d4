package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/rules/query"
	"driftwatch/text"
	"driftwatch/text/names"
	"driftwatch/watch"
)

func (a *app) rulesTryCommand() *cobra.Command {
	var t asking
	var lang, source string
	c := &cobra.Command{
		Use:   "try QUERY [FILE|-]",
		Short: "Ask a query of texts, without a signal: where it matches, and else what it lacks",
		Long: `Asks a query of a text, or of each of many, with the concepts of all packs: of a
sentence, and of two neighbours, as a signal's "when" is asked. It asks for nothing
else: no country, no tie to Russia. What it matches is underlined.

A text is what "driftwatch explain" takes for one. What begins with { is JSON Lines, as
"driftwatch flag" reads them: of these, those that match are shown, and how many there
are; --misses shows the others too. What --lang and --source say counts for each.

--json prints for each text {"id","lang","match","title":[{"start","end","quote"}],
"text":[{"start","end","quote"}],"lacks":[{"what","why"}]}: bytes of the fields.

Exit codes: 0 a text matches; 1 none does, or a line can't be read; 2 the query or the
packs have a fault.`,
		Example: `  echo "Tajikistan will not host the CSTO drill" | driftwatch rules try '@csto NEAR/8 @exercise'
  driftwatch rules try 'AFFIRMED(@leave) AND @csto' month.jsonl`,
		Args: cobra.RangeArgs(1, 2),
		RunE: does(func(_ *cobra.Command, args []string) error {
			c, engine, err := a.explainer()
			if err != nil {
				return err
			}
			if t.question, err = engine.Ask(args[0]); err != nil {
				return &exitError{exitUsage, queryFaults(args[0], err)}
			}
			if t.names, err = a.namesOf(nil); err != nil {
				return err
			}
			if err := knownLang(lang); err != nil {
				return usage("%v", err)
			}
			if t.source, err = sourceNamed(c, source); err != nil {
				return err
			}
			in, err := a.open(args[1:])
			if err != nil {
				return usage("%v", noSuch(args[1], err))
			}
			defer in.Close()
			t.app, t.sources, t.lang = a, watch.Sources(c), lang
			return t.ask(in)
		}),
	}
	fl := c.Flags()
	fl.BoolVar(&t.asJSON, "json", false, "print JSON Lines")
	fl.BoolVar(&t.misses, "misses", false, "show what doesn't match, too")
	fl.StringVar(&lang, "lang", "", "what is known of the language of a text, a hint (BCP 47)")
	fl.StringVar(&source, "source", "", "the outlet of a text (`ID` of: driftwatch sources list)")
	return c
}

// queryFaults are the faults of a query as they are shown: the query, and a caret
// under each.
func queryFaults(src string, err error) error {
	var faults query.Errors
	if !errors.As(err, &faults) {
		return err
	}
	line := strings.NewReplacer("\n", " ", "\r", " ").Replace(src)
	all := make(configs.Errors, len(faults))
	for i, f := range faults {
		all[i] = &configs.Error{Msg: f.Msg, Hint: f.Hint, Snippet: configs.Snippet(line, utf8.RuneCountInString(line[:f.Place.Start])+1)}
	}
	return all
}

// asking is a query that is asked of texts.
type asking struct {
	app            *app
	question       *rules.Question
	names          *names.Gazetteer
	sources        []news.Source
	source         news.Source // of each text, where it is given
	lang           string      // of each text, where it is given
	asJSON, misses bool
	matched, asked int
}

// ask asks the query of what is read: JSON Lines, or a single text.
func (t *asking) ask(in io.Reader) error {
	from := bufio.NewReader(in)
	var err error
	if begins(from, "{") {
		err = eachText(from, t.app.stderr, t.one)
		if !t.asJSON {
			fmt.Fprintf(t.app.stdout, "%d of %d %s\n", t.matched, t.asked, plural(t.asked, "text matches", "texts match"))
		}
	} else {
		t.misses = true
		var body []byte
		if body, err = io.ReadAll(io.LimitReader(from, maxInput)); err == nil {
			var x watch.Explained
			x.ReadPlain(body)
			err = t.one(textIn{Title: x.Article.Title, Text: x.Article.Text}, time.Time{})
		}
	}
	if err == nil && t.matched == 0 {
		err = &exitError{code: exitFailed}
	}
	return err
}

// begins reports that what is read begins with a sign, but for spaces.
func begins(from *bufio.Reader, with string) bool {
	head, _ := from.Peek(512) // fewer where there are no more
	return strings.HasPrefix(strings.TrimLeft(string(head), " \t\r\n\ufeff"), with)
}

// one asks the query of a text, and tells of it.
func (t *asking) one(doc textIn, at time.Time) error {
	x := watch.Explained{Article: doc.article(at), Source: doc.source(t.source, t.sources), Names: t.names}
	x.Article.Lang = cmp.Or(t.lang, doc.Lang)
	about := x.Read()
	r := x.Reading
	found, ok := t.question.Match(r, about)
	t.asked++
	if ok {
		t.matched++
	} else if !t.misses && !t.asJSON {
		return nil
	}
	var lacks []rules.Missing
	if !ok {
		lacks = t.question.Lacking(r, about)
	}
	if t.asJSON {
		return jsonLines(t.app.stdout).Encode(askedDoc{doc.ID, r.Lang, ok, quotes(doc.Title, found.Title), quotes(doc.Text, found.Text), lackDocs(lacks)})
	}
	t.print(doc, r, ok, found, lacks)
	return nil
}

// askedDoc is a text that a query was asked of, as scripts read it.
type askedDoc struct {
	ID    json.RawMessage `json:"id,omitempty"`
	Lang  string          `json:"lang"`
	Match bool            `json:"match"`
	Title []quoteDoc      `json:"title"`
	Text  []quoteDoc      `json:"text"`
	Lacks []lackDoc       `json:"lacks"`
}

type quoteDoc struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Quote string `json:"quote"`
}

type lackDoc struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

func quotes(field string, spans []news.Span) []quoteDoc {
	out := make([]quoteDoc, len(spans))
	for i, s := range inOrder(spans) {
		out[i] = quoteDoc{s.Start, s.End, field[s.Start:s.End]}
	}
	return out
}

func lackDocs(lacks []rules.Missing) []lackDoc {
	out := make([]lackDoc, len(lacks))
	for i, l := range lacks {
		out[i] = lackDoc{l.What, l.Why}
	}
	return out
}

func inOrder(spans []news.Span) []news.Span {
	return slices.SortedFunc(slices.Values(spans), func(a, b news.Span) int { return a.Start - b.Start })
}

// print shows the sentences of a text that the query matches, or what it lacks.
func (t *asking) print(doc textIn, r *text.Reading, ok bool, found rules.Asked, lacks []rules.Missing) {
	a := t.app
	verdict := "matches"
	if !ok {
		verdict = "doesn't match"
	}
	head := fmt.Sprintf("%s, in %s", verdict, r.Lang)
	if len(doc.ID) > 0 {
		head = fmt.Sprintf("%s %s", guard.Line(string(doc.ID)), head)
	}
	fmt.Fprintln(a.stdout, head)
	for _, f := range []struct {
		name  string
		field *text.Field
		spans []news.Span
	}{{news.FieldTitle, &r.Title, found.Title}, {news.FieldText, &r.Body, found.Text}} {
		spans := inOrder(f.spans)
		for _, s := range f.field.Sentences {
			var words []rules.Word
			for _, at := range spans {
				if at.Start >= int(s.Start) && at.End <= int(s.End) {
					words = append(words, rules.Word{Start: at.Start, End: at.End})
				}
			}
			if len(words) > 0 {
				a.fold(a.stdout, fmt.Sprintf("  %-7s%s", f.name, a.underlined(f.field.Text, int(s.Start), int(s.End), words)), strings.Repeat(" ", 9))
			}
		}
	}
	for _, l := range lacks {
		a.fold(a.stdout, fmt.Sprintf("  %s %s", guard.Line(l.What), l.Why), strings.Repeat(" ", 4))
	}
}
