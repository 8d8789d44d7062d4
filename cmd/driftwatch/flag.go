package main

import (
	"encoding/json"
	"io"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
	"driftwatch/text/names"
	"driftwatch/watch"
)

func (a *app) flagCommand() *cobra.Command {
	var lists []string
	c := &cobra.Command{
		Use:   "flag [FILE|-]",
		Short: "Flag texts: JSON Lines in, JSON Lines out; no database, no network",
		Long: `Reads JSON Lines of texts and writes, for each and in order, what the rules say.

In:  {"id","title","text"} and, if known, "url", "lang" (BCP 47, a hint), "date"
     (RFC 3339, "2006-01-02 15:04:05", a day or a month), "source", "country" (the
     outlet's).
Out: {"id","lang","hits":[{"theme","signal","level","direction","countries",
     "score","parts":[{"part","value"}],"background","status","actor",
     "acts":[{"country","direction"}],"entities",
     "evidence":[{"field","start","end","quote","sentence"}]}],
     "acts":[{"country","direction"}]}
     status: happened, decided, announced, proposed, demanded, opinion or denied.
     The parts add up to the score; actor is left out where the text names none.
     The acts at the end are those of the whole text: mixed where a country does
     two things that count by themselves and point both ways.

start and end are bytes of the field as it came in. The embedded packs are used
unless --config names a configuration with packs of its own; of names, the
embedded ones and those of each --names FILE, a list as for "names import".

A line that can't be read gives {"line":N,"error":"…"} on stderr; the rest goes
on, and the exit code is 1 at the end. A date or lang that can't be read is told in
the same way and ignored, and so is told that a line has neither title nor text: it
has its line of output all the same, and is no bad line. Keys of other names are
passed over. --json may be given: what it prints is JSON Lines anyway.

Exit codes: 0 done; 1 a line can't be read; 2 bad usage or configuration.`,
		Example: `  echo '{"id":1,"title":"Kyrgyzstan calls off CSTO drill","text":"…"}' | driftwatch flag`,
		Args:    cobra.MaximumNArgs(1),
		RunE: does(func(_ *cobra.Command, args []string) error {
			engine, err := a.pureEngine()
			if err != nil {
				return err
			}
			known, err := a.namesOf(lists)
			if err != nil {
				return err
			}
			in, err := a.open(args)
			if err != nil {
				return err
			}
			defer in.Close()
			return flagLines(engine, known, in, a.stdout, a.stderr)
		}),
	}
	jsonAnyway(c)
	c.Flags().StringArrayVar(&lists, "names", nil, "look for the names in this list too (may be given more than once)")
	return c
}

// pureEngine compiles the embedded packs, and those of --config where given.
func (a *app) pureEngine() (*rules.Engine, error) {
	if a.configFile == "" {
		return loadEngine(&configs.Config{})
	}
	c, err := a.load()
	if err != nil {
		return nil, err
	}
	return loadEngine(c)
}

// flagOut is a line of output.
type flagOut struct {
	ID   json.RawMessage `json:"id"`
	Lang string          `json:"lang"`
	Hits []flagHit       `json:"hits"`
	Acts []news.Act      `json:"acts,omitempty"` // of the whole text
}

type flagHit struct {
	Theme      news.Theme     `json:"theme"`
	Signal     string         `json:"signal"`
	Level      int            `json:"level"`
	Direction  news.Direction `json:"direction"`
	Countries  []string       `json:"countries"`
	Score      float64        `json:"score"`
	Parts      []news.Part    `json:"parts"`
	Background bool           `json:"background,omitempty"`
	Status     news.Status    `json:"status"`
	Actor      news.Actor     `json:"actor,omitempty"`
	Acts       []news.Act     `json:"acts"`
	Entities   []string       `json:"entities"`
	Evidence   []flagEvidence `json:"evidence"`
}

type flagEvidence struct {
	Field    string `json:"field"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	Quote    string `json:"quote"`
	Sentence string `json:"sentence"`
}

// flagLines reads texts from in and writes what the engine says of each to out,
// bad lines to bad. The error for bad lines comes at the end.
func flagLines(engine *rules.Engine, known *names.Gazetteer, in io.Reader, out, bad io.Writer) error {
	enc := jsonLines(out)
	return eachText(in, bad, func(doc textIn, at time.Time) error {
		return enc.Encode(flagOne(engine, known, doc, at))
	})
}

func flagOne(engine *rules.Engine, known *names.Gazetteer, doc textIn, at time.Time) flagOut {
	r := text.Read(doc.Title, doc.Text, doc.Lang)
	hits := engine.Flag(r, rules.About{Source: doc.Source, Country: doc.Country, URL: doc.URL, Date: at, Names: watch.AppendNamed(nil, known, r)})
	return flagOut{ID: doc.ID, Lang: r.Lang, Hits: flagHits(hits), Acts: news.Overall(hits)}
}

// flagHits are hits as `flag` and `explain` print them.
func flagHits(hits []news.Hit) []flagHit {
	out := make([]flagHit, len(hits))
	for i, h := range hits {
		out[i] = flagHit{
			Theme: h.Theme, Signal: h.Signal, Level: h.Level, Direction: h.Direction,
			Countries: nonNil(h.Countries), Score: h.Score, Parts: h.Parts, Background: h.Background,
			Status: h.Status, Actor: h.Actor, Acts: h.Acts, Entities: nonNil(h.Entities),
			Evidence: make([]flagEvidence, len(h.Evidence)),
		}
		for j, e := range h.Evidence {
			out[i].Evidence[j] = flagEvidence{e.Field, e.Start, e.End, e.Quote, e.Sentence}
		}
	}
	return out
}

// nonNil makes an empty list print as [], not null.
func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
