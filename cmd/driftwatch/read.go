package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"driftwatch/guard"
	"driftwatch/rules"
	"driftwatch/text"
	"driftwatch/text/names"
	"driftwatch/watch"
)

func (a *app) readCommand() *cobra.Command {
	var asJSON bool
	var lang string
	var lists []string
	cmd := &cobra.Command{
		Use:   "read [FILE|-]",
		Short: "Show a text as the program reads it: languages, sentences, words, terms",
		Long: `Reads a plain text and shows it as rules and matching see it: the language of
each paragraph, its sentences, under each its words in small letters with their
stems parted from their endings (учени·ями), and the terms that were found, by
the concept they stand for, and the names, by their ids. Terms are underlined on a terminal, and stand
between low lines (_учения_) elsewhere and where NO_COLOR is set.

With --json, JSON Lines of texts come in as for flag, and a line goes out for
each:
     {"id","lang","paragraphs":[{"field","lang","start","end"}],
      "sentences":[{"field","start","end"}],
      "terms":[{"id","kind","field","start","end","form"}]}
     field is title or text, kind is concept or name; start and end are bytes of
     the field as it came in, form is what stands there.
A line that can't be read gives {"line":N,"error":"…"} on stderr; the rest goes
on, and the exit code is 1 at the end.

Exit codes: 0 done; 1 the input can't be read, or a line of it; 2 bad usage or
configuration.`,
		Example: `  echo 'Бишкек отменил учения ОДКБ.' | driftwatch read
  driftwatch read article.txt
  driftwatch read --json texts.jsonl`,
		Args: cobra.MaximumNArgs(1),
		RunE: does(func(_ *cobra.Command, args []string) error {
			if err := knownLang(lang); err != nil {
				fmt.Fprintf(a.stderr, "driftwatch: %s\n", guard.Line(err.Error()))
				lang = ""
			}
			engine, err := a.pureEngine()
			if err != nil {
				return err
			}
			known, err := a.namesOf(lists)
			if err != nil {
				return err
			}
			if asJSON {
				in, err := a.open(args)
				if err != nil {
					return err
				}
				defer in.Close()
				return readLines(engine, known, in, a.stdout, a.stderr)
			}
			body, err := a.readAll(args)
			if err != nil {
				return err
			}
			r := text.Read("", string(body), lang)
			out := bufio.NewWriter(a.stdout)
			showReading(out, r, placesIn(engine, known, r), isTerminal(a.stdout) && os.Getenv("NO_COLOR") == "")
			return out.Flush()
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "JSON Lines in and out")
	cmd.Flags().StringArrayVar(&lists, "names", nil, "look for the names in this list too (may be given more than once)")
	cmd.Flags().StringVar(&lang, "lang", "", "the `LANGUAGE` that the text is said to be in, a hint as an outlet's: ru, uz-Cyrl")
	return cmd
}

// readPlace is a place of a concept, or of a name, whose id stands for the
// concept's.
type readPlace struct {
	rules.Place
	kind string // concept or name
}

// placesIn are the places of concepts and of names in a text, by field and word.
func placesIn(engine *rules.Engine, known *names.Gazetteer, r *text.Reading) []readPlace {
	var all []readPlace
	for _, p := range engine.Places(r) {
		all = append(all, readPlace{p, "concept"})
	}
	for _, n := range watch.AppendNamed(nil, known, r) {
		all = append(all, readPlace{rules.Place{Concept: n.ID, Title: n.Title, First: int(n.First), Last: int(n.Last)}, "name"})
	}
	slices.SortStableFunc(all, func(a, b readPlace) int {
		switch {
		case a.Title && !b.Title:
			return -1
		case b.Title && !a.Title:
			return 1
		}
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last))
	})
	return all
}

// readOut is a line of output.
type readOut struct {
	ID         json.RawMessage `json:"id"`
	Lang       string          `json:"lang"`
	Paragraphs []readParagraph `json:"paragraphs"`
	Sentences  []readSpan      `json:"sentences"`
	Terms      []readTerm      `json:"terms"`
}

type readParagraph struct {
	Field string `json:"field"`
	Lang  string `json:"lang"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

type readSpan struct {
	Field string `json:"field"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

type readTerm struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Field string `json:"field"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Form  string `json:"form"`
}

// readLines reads texts from in and writes how each is read to out, bad lines
// to bad.
func readLines(engine *rules.Engine, known *names.Gazetteer, in io.Reader, out, bad io.Writer) error {
	enc := jsonLines(out)
	return eachText(in, bad, func(doc textIn, _ time.Time) error {
		r := text.Read(doc.Title, doc.Text, doc.Lang)
		return enc.Encode(readOne(r, doc.ID, placesIn(engine, known, r)))
	})
}

func readOne(r *text.Reading, id json.RawMessage, places []readPlace) readOut {
	out := readOut{ID: id, Lang: r.Lang, Paragraphs: []readParagraph{}, Sentences: []readSpan{}, Terms: []readTerm{}}
	for _, f := range []*text.Field{&r.Title, &r.Body} {
		name := fieldName(f == &r.Title)
		for _, p := range f.Paragraphs {
			out.Paragraphs = append(out.Paragraphs, readParagraph{name, p.Lang, int(p.Start), int(p.End)})
		}
		for _, s := range f.Sentences {
			out.Sentences = append(out.Sentences, readSpan{name, int(s.Start), int(s.End)})
		}
	}
	for _, p := range places {
		f := fieldOf(r, p.Place)
		out.Terms = append(out.Terms, readTerm{
			ID: p.Concept, Kind: p.kind, Field: fieldName(p.Title),
			Start: int(f.Words[p.First].Start), End: int(f.Words[p.Last].End), Form: f.Quote(p.First, p.Last),
		})
	}
	return out
}

func fieldName(title bool) string {
	if title {
		return "title"
	}
	return "text"
}

func fieldOf(r *text.Reading, p rules.Place) *text.Field {
	if p.Title {
		return &r.Title
	}
	return &r.Body
}

// marks are what stands around a term and around what is only said of a text.
type marks struct{ open, close, dim, plain string }

var (
	markedPlain    = marks{"_", "_", "", ""}
	markedTerminal = marks{"\x1b[4m", "\x1b[24m", "\x1b[2m", "\x1b[22m"}
)

// showReading writes a text's body as it was read. Whatever comes from the text
// is made harmless.
func showReading(w io.Writer, r *text.Reading, places []readPlace, terminal bool) {
	m := markedPlain
	if terminal {
		m = markedTerminal
	}
	f := &r.Body
	for i, p := range f.Paragraphs {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s[%s]%s\n", m.dim, p.Lang, m.plain)
		for s := p.FirstSentence; s <= p.LastSentence; s++ {
			here := within(places, f.Sentences[s])
			fmt.Fprintf(w, "%s\n", underlined(f, f.Sentences[s], here, m))
			fmt.Fprintf(w, "%s    %s%s\n", m.dim, stems(f, f.Sentences[s], p.Lang), m.plain)
			for _, line := range byForm(f, here) {
				fmt.Fprintf(w, "    %s\n", line)
			}
		}
	}
}

// within are the places that lie in a sentence of the body.
func within(places []readPlace, s text.Sentence) []readPlace {
	var out []readPlace
	for _, p := range places {
		if !p.Title && p.First >= int(s.FirstWord) && p.Last <= int(s.LastWord) {
			out = append(out, p)
		}
	}
	return out
}

// underlined is a sentence with its terms marked; terms that overlap are marked
// as one.
func underlined(f *text.Field, s text.Sentence, places []readPlace, m marks) string {
	var b strings.Builder
	at := s.Start
	for i := 0; i < len(places); {
		first, last := places[i].First, places[i].Last
		for i++; i < len(places) && places[i].First <= last; i++ {
			last = max(last, places[i].Last)
		}
		start, end := f.Words[first].Start, f.Words[last].End
		b.WriteString(guard.Line(f.Text[at:start]) + m.open + guard.Line(f.Text[start:end]) + m.close)
		at = end
	}
	b.WriteString(guard.Line(f.Text[at:s.End]))
	return b.String()
}

// stems are the folded words of a sentence, each ending parted from its stem.
func stems(f *text.Field, s text.Sentence, lang string) string {
	var b strings.Builder
	for i := int(s.FirstWord); i <= int(s.LastWord); i++ {
		if i > int(s.FirstWord) {
			b.WriteByte(' ')
		}
		word := string(f.AppendFolded(nil, i))
		n, cut := f.Stem(i, lang), len(word)
		for k := range word {
			if n == 0 {
				cut = k
				break
			}
			n--
		}
		b.WriteString(word[:cut])
		w := f.Words[i]
		if ending := word[cut:] + f.Text[w.Stem:w.End]; ending != "" && utf8.ValidString(ending) {
			b.WriteString("·" + ending)
		}
	}
	return guard.Line(b.String())
}

// byForm is a line for each stretch of words that was found: the concepts it
// stands for.
func byForm(f *text.Field, places []readPlace) []string {
	var out []string
	places = slices.Clone(places)
	slices.SortStableFunc(places, func(a, b readPlace) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last))
	})
	for i := 0; i < len(places); {
		p := places[i]
		var ids []string
		for ; i < len(places) && places[i].First == p.First && places[i].Last == p.Last; i++ {
			ids = append(ids, places[i].Concept)
		}
		out = append(out, fmt.Sprintf("%s: %s", guard.Line(f.Quote(p.First, p.Last)), strings.Join(slices.Compact(ids), ", ")))
	}
	return out
}
