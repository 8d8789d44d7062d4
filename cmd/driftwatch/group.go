package main

import (
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/rules"
	"driftwatch/story"
	"driftwatch/text"
	"driftwatch/watch"
)

func (a *app) groupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "group [FILE|-]",
		Short: "Say which texts tell one story: JSON Lines in, JSON Lines out; no database, no network",
		Long: `Reads JSON Lines of articles and writes, for each and in order, the story that it
belongs to: copies of one text, reports of one event in other words, and reports of
it in another language.

In:  {"id","title","text"} and, if known, "url", "lang" (BCP 47, a hint), "date"
     (RFC 3339, "2006-01-02 15:04:05", a day or a month), "source".
Out: {"id","story","relation","to","score"}
     story: a number; articles with the same one belong together.
     relation: first, same-text, same-event, translation or digest.
     to: the id of the earlier article that it joined; left out for first and
     digest. A digest joins several stories: its story is its own, and nothing
     joins it.
     score: 0 to 1; of same-text how much of the shorter text the longer one
     contains, else how likely the two tell of one event; 0 for first and digest.

Each article is assigned when it is read; what comes later changes nothing. With
dates, it is compared with those of a week around it, and for the same text of 90
days; without, with all before it, the latest 100,000 at most. The concepts of the
embedded packs are used unless --config names a configuration with packs of its own.

A line that can't be read gives {"line":N,"error":"…"} on stderr; the rest goes
on, and the exit code is 1 at the end.`,
		Example: `  driftwatch group articles.jsonl
  printf '%s\n' '{"id":1,"title":"Quake of 5.8 shakes Murghob","text":"…"}' \
    '{"id":2,"title":"В Мургабе землетрясение магнитудой 5,8","text":"…"}' | driftwatch group`,
		Args: cobra.MaximumNArgs(1),
		RunE: does(func(_ *cobra.Command, args []string) error {
			engine, err := a.pureEngine()
			if err != nil {
				return err
			}
			in, err := a.open(args)
			if err != nil {
				return err
			}
			defer in.Close()
			return groupLines(engine, in, a.stdout, a.stderr)
		}),
	}
}

// groupOut is a line of output.
type groupOut struct {
	ID       json.RawMessage `json:"id"`
	Story    int64           `json:"story"`
	Relation story.Relation  `json:"relation"`
	To       json.RawMessage `json:"to,omitempty"`
	Score    float64         `json:"score"`
}

// groupLines reads articles from in and writes to out where each belongs, bad
// lines to bad. The error for bad lines comes at the end.
func groupLines(engine *rules.Engine, in io.Reader, out, bad io.Writer) error {
	enc, index := jsonLines(out), story.NewIndex()
	var ids []json.RawMessage // of the articles that are kept
	oldest := int64(0)        // the number of the first of them
	return eachText(in, bad, func(doc textIn, at time.Time) error {
		r := text.Read(doc.Title, doc.Text, doc.Lang)
		sketch := story.Draw(r, watch.Concepts(engine.Places(r)), at)
		sketch.Flagged(watch.Signals(engine.Flag(r, rules.About{Source: doc.Source, Country: doc.Country, URL: doc.URL, Date: at})))
		j := index.Add(sketch, at)
		ids = append(ids, doc.ID)
		if n := index.Oldest(); n > oldest {
			ids, oldest = slices.Clone(ids[n-oldest:]), n
		}
		o := groupOut{ID: doc.ID, Story: j.Story + 1, Relation: j.Relation, Score: rounded(j.Score)}
		if j.To != story.None {
			o.To = ids[j.To-oldest]
		}
		return enc.Encode(o)
	})
}
