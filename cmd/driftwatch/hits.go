package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/watch"
)

// hitDoc is a hit as scripts read it. Its field names are stable.
type hitDoc struct {
	ID         int64          `json:"id"`
	Story      int64          `json:"story"`
	Theme      news.Theme     `json:"theme"`
	Signal     string         `json:"signal"`
	Level      int            `json:"level"`
	Direction  news.Direction `json:"direction"`
	Countries  []string       `json:"countries"`
	Score      float64        `json:"score"`
	Title      string         `json:"title"`
	URL        string         `json:"url"`
	Source     string         `json:"source"`
	Language   string         `json:"language"`
	Section    string         `json:"section,omitempty"` // of the outlet
	Published  *time.Time     `json:"published"`         // null: unknown
	Seen       time.Time      `json:"seen"`
	Verdict    *verdictDoc    `json:"verdict"` // null: not judged
	Quiet      string         `json:"quiet,omitempty"`
	Background bool           `json:"background,omitempty"`
	Withdrawn  int            `json:"withdrawn,omitempty"` // the revision that no longer carries it
	Why        string         `json:"why,omitempty"`
	Status     news.Status    `json:"status,omitempty"`
	Actor      news.Actor     `json:"actor,omitempty"`
	Acts       []news.Act     `json:"acts,omitempty"`
	Entities   []string       `json:"entities,omitempty"`
	Parts      []news.Part    `json:"parts,omitempty"`
	Evidence   []evidenceDoc  `json:"evidence"`
}

type verdictDoc struct {
	Says  news.Judgement `json:"says"`
	By    string         `json:"by,omitempty"`
	Note  string         `json:"note,omitempty"`
	Given time.Time      `json:"given"`
}

func verdictOf(v news.Verdict) verdictDoc {
	return verdictDoc{v.Says, v.By, v.Note, v.Given.UTC()}
}

type evidenceDoc struct {
	Field    string    `json:"field"`
	Start    int       `json:"start"`
	End      int       `json:"end"`
	Quote    string    `json:"quote"`
	Sentence string    `json:"sentence"`
	Words    []wordDoc `json:"words,omitempty"`
}

type wordDoc struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Leg   string `json:"leg"`
}

func hitOf(h news.Hit, art news.Article, v *news.Verdict, withdrawn int) hitDoc {
	d := hitDoc{
		ID: h.ID, Story: h.Story, Theme: h.Theme, Signal: h.Signal, Level: h.Level,
		Direction: h.Direction, Countries: nonNil(h.Countries), Score: h.Score,
		Title: art.Title, URL: art.Address(), Source: art.Source, Language: art.Lang, Section: art.Section,
		Seen: art.Seen.UTC(), Quiet: h.Quiet, Background: h.Background, Withdrawn: withdrawn, Why: h.Why,
		Status: h.Status, Actor: h.Actor, Acts: h.Acts, Entities: h.Entities, Parts: h.Parts,
		Evidence: make([]evidenceDoc, len(h.Evidence)),
	}
	if !art.Published.IsZero() {
		p := art.Published.UTC()
		d.Published = &p
	}
	if v != nil {
		given := verdictOf(*v)
		d.Verdict = &given
	}
	for i, e := range h.Evidence {
		d.Evidence[i] = evidenceDoc{Field: e.Field, Start: e.Start, End: e.End, Quote: e.Quote, Sentence: e.Sentence}
		for _, w := range e.Words {
			d.Evidence[i].Words = append(d.Evidence[i].Words, wordDoc{w.Start, w.End, w.Leg})
		}
	}
	return d
}

func (a *app) hitsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "hits",
		Short: "What was flagged: list, show, export, feed, judge",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.hitsListCommand(), a.hitsShowCommand(), a.hitsExportCommand(), a.hitsFeedCommand(), a.hitsJudgeCommand(), a.hitsMissCommand())
	return c
}

// filterFlags are the filters that list and export share.
type filterFlags struct {
	themes, countries, languages, sources []string
	level                                 int
	since                                 string
	verdict                               string
	unjudged, withdrawn                   bool
	limit                                 int
}

func (f *filterFlags) add(c *cobra.Command, limit int) {
	fl := c.Flags()
	fl.StringSliceVar(&f.themes, "theme", nil, "only these themes: sanctions, csto, decolonization, dual-use, context, or those of your packs")
	fl.StringSliceVar(&f.countries, "country", nil, "only hits that name one of these: KZ, KG, UZ, TJ, TM")
	fl.IntVar(&f.level, "level", 0, "only this level and above (1 to 5)")
	fl.StringSliceVar(&f.languages, "language", nil, "only articles in these languages, for example ru,ky")
	fl.StringVar(&f.since, "since", "", "found since: a length of time (36h, 7d), a day, or RFC 3339")
	fl.StringSliceVar(&f.sources, "source", nil, "only these sources")
	fl.StringVar(&f.verdict, "verdict", "", "only hits judged so: relevant, irrelevant or unsure")
	fl.BoolVar(&f.unjudged, "unjudged", false, "only hits without a verdict: the list to work through")
	fl.BoolVar(&f.withdrawn, "withdrawn", false, "include hits that a later version of the article no longer carries")
	fl.IntVar(&f.limit, "limit", limit, "at most so many; 0: all")
}

func (f *filterFlags) filter(now time.Time, loc *time.Location) (store.HitFilter, error) {
	out := store.HitFilter{
		MinLevel: f.level, Languages: f.languages, Sources: f.sources,
		Unjudged: f.unjudged, Withdrawn: f.withdrawn, Limit: f.limit,
	}
	for _, t := range f.themes {
		out.Themes = append(out.Themes, news.Theme(t))
	}
	for _, c := range f.countries {
		c = strings.ToUpper(c)
		if !slices.Contains(news.Countries, c) {
			return out, usage("--country %s is none of %s", c, strings.Join(news.Countries, ", "))
		}
		out.Countries = append(out.Countries, c)
	}
	if f.level < 0 || f.level > 5 {
		return out, usage("--level is %d; it may be 1 to 5", f.level)
	}
	if f.limit < 0 {
		return out, usage("--limit is negative")
	}
	if f.verdict != "" {
		if f.unjudged {
			return out, usage("--verdict and --unjudged exclude each other")
		}
		v, err := judgement(f.verdict)
		if err != nil {
			return out, err
		}
		out.Verdicts = []news.Judgement{v}
	}
	if f.since != "" {
		t, err := since(f.since, now, loc)
		if err != nil {
			return out, err
		}
		out.Since = t
	}
	return out, nil
}

// since reads a length of time before now, a day in the user's zone, or an
// RFC 3339 time.
func since(s string, now time.Time, loc *time.Location) (time.Time, error) {
	if d, err := parseSpan(s); err == nil {
		return now.Add(-d), nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, loc); err == nil {
		return t, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	return time.Time{}, usage("--since %q: give a length of time (36h, 7d), a day (2026-11-24) or an RFC 3339 time", s)
}

func judgement(s string) (news.Judgement, error) {
	switch j := news.Judgement(s); j {
	case news.Relevant, news.Irrelevant, news.Unsure:
		return j, nil
	}
	return "", usage("%q is no verdict; it may be relevant, irrelevant or unsure", s)
}

func (a *app) hitsListCommand() *cobra.Command {
	var f filterFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List hits, the latest found first",
		Long: `Lists hits, those that were found last first and of those found at once the highest
level first, whenever their articles were published: WHEN is the article's time. A ~ behind the level marks a hit that was
kept without an alert; driftwatch hits show says why, and so does "quiet" with
--json.`,
		Example: `  driftwatch hits list --unjudged
  driftwatch hits list --theme sanctions --country KG --since 7d --json`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				filter, err := f.filter(a.now(), a.location)
				if err != nil {
					return err
				}
				rows, err := st.Hits(cmd.Context(), filter)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.stdout, docs(rows))
				}
				a.printHits(rows, filter)
				if len(rows) == 0 {
					a.doubtFilter(f)
				}
				return nil
			})
		}),
	}
	f.add(c, 50)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// doubtFilter says which of the names in a filter that nothing matches are
// nobody's. They are no fault: hits outlive the sources and packs they came by.
func (a *app) doubtFilter(f filterFlags) {
	c, err := a.load()
	if err != nil {
		return
	}
	for _, id := range f.sources {
		if err := watch.CheckSource(c, id); err != nil {
			fmt.Fprintf(a.stderr, "driftwatch: %s\n", guard.Line(err.Error()))
		}
	}
	for _, theme := range f.themes {
		if err := knownTheme(c, theme); err != nil {
			fmt.Fprintf(a.stderr, "driftwatch: %s\n", guard.Line(err.Error()))
		}
	}
}

func docs(rows []store.HitRow) []hitDoc {
	out := make([]hitDoc, len(rows))
	for i, r := range rows {
		out[i] = hitOf(r.Hit, r.Article, r.Verdict, r.Withdrawn)
	}
	return out
}

func (a *app) printHits(rows []store.HitRow, f store.HitFilter) {
	if len(rows) == 0 {
		if f.Unjudged {
			fmt.Fprintln(a.stdout, "No hit waits for a verdict.")
		} else {
			fmt.Fprintln(a.stdout, "No hit matches. Drop a filter, or run: driftwatch run")
		}
		return
	}
	head := []string{"ID", "COUNTRY", "THEME", "SIGNAL", "LEVEL", "DIRECTION", "WHEN", "SOURCE", "VERDICT", "TITLE"}
	var cells [][]string
	for _, r := range rows {
		verdict := ""
		if r.Verdict != nil {
			verdict = string(r.Verdict.Says)
		}
		cells = append(cells, []string{
			strconv.FormatInt(r.Hit.ID, 10), strings.Join(r.Hit.Countries, " "), string(r.Hit.Theme), r.Hit.Signal,
			levelOf(r.Hit), string(r.Hit.Direction), a.moment(r.Article.When()), r.Article.Source,
			verdict, r.Article.Title,
		})
	}
	a.folded(head, cells, maxTitle)
	hint := ""
	if f.Limit > 0 && len(rows) == f.Limit {
		hint = fmt.Sprintf("The latest %d; --limit 0 lists all. ", f.Limit)
	}
	if slices.ContainsFunc(rows, func(r store.HitRow) bool { return r.Hit.Quiet != "" }) {
		hint += "~ kept without an alert. "
	}
	a.fold(a.stdout, hint+"The evidence of one: driftwatch hits show ID", "")
}

// levelOf is a hit's level, with a sign where nobody was alerted of it.
func levelOf(h news.Hit) string {
	if h.Quiet != "" {
		return strconv.Itoa(h.Level) + " ~"
	}
	return strconv.Itoa(h.Level)
}

func (a *app) hitsShowCommand() *cobra.Command {
	var f evidenceFlags
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show one hit with its whole evidence: signal, words, sentence, place, page",
		Long: `Shows one hit with its whole evidence.

--page prints the article's page as it was received, unpacked, after checking it by
its digest; on a terminal it lists the pages that are kept instead, and how to write
one to a file. --raw gives the header too, and the body as it was sent. The archive
is made of WARC 1.1 files, which other programs read as well.

--changes shows what later looks at the page found: evidence that was rewritten or
cut, another title, a page that was taken down or came back; then how the text
differs, a line a sentence: - was there, + is there now.

With --json, --page prints [{"copy","url","status","fetched","file","offset",
"length","type","digest"}], and --changes [{"kind","of","from","to","found",
"before":{"title","text","seen"},"after":{}}].`,
		Example: `  driftwatch hits show 17
  driftwatch hits show 17 --page > page.html
  driftwatch hits show 17 --changes`,
		Args: cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			id, err := hitID(args[0])
			if err != nil {
				return err
			}
			if err := f.check(); err != nil {
				return err
			}
			return a.withArchive(cmd, func(e watch.Evidence, st store.Store) error {
				d, err := st.Hit(cmd.Context(), id)
				if errors.Is(err, store.ErrNotFound) {
					return fmt.Errorf("there is no hit %d; see: driftwatch hits list", id)
				}
				if err != nil {
					return err
				}
				switch {
				case f.page:
					return a.showPage(cmd, st, e.Folder, d, f)
				case f.changes:
					return a.showChanges(cmd, st, d, f.json)
				case f.json:
					return printJSON(a.stdout, detailOf(d))
				}
				a.printHit(d)
				return nil
			})
		}),
	}
	f.add(c)
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

// detailDoc is a hit with all verdicts and the text that it was found in.
type detailDoc struct {
	hitDoc
	Text     string       `json:"text"`
	Revision int          `json:"revision"`
	Pack     string       `json:"pack"`
	Verdicts []verdictDoc `json:"verdicts"`
}

func detailOf(d store.HitDetail) detailDoc {
	out := detailDoc{hitDoc: hitOf(d.Hit, d.Article, d.Verdict, d.Withdrawn), Text: d.Text, Revision: d.Hit.Revision, Pack: d.Hit.Pack, Verdicts: []verdictDoc{}}
	out.Title = d.Title
	for _, v := range d.Verdicts {
		out.Verdicts = append(out.Verdicts, verdictOf(v))
	}
	return out
}

func (a *app) printHit(d store.HitDetail) {
	h, out := d.Hit, a.stdout
	indent := strings.Repeat(" ", 11)
	line := func(name, format string, args ...any) {
		a.fold(out, fmt.Sprintf("%-11s%s", name, guard.Line(fmt.Sprintf(format, args...))), indent)
	}
	a.fold(out, guard.Line(d.Title), "")
	fmt.Fprintln(out)
	line("hit", "%d in story %d", h.ID, h.Story)
	line("what", "%s · %s · %s · level %d", strings.Join(h.Countries, " "), h.Theme, h.Direction, h.Level)
	line("signal", "%s: %s", h.Signal, h.Title)
	if h.Status != "" {
		line("status", "%s", h.Status)
	}
	if h.Actor != "" {
		line("actor", "%s", h.Actor)
	}
	if len(h.Parts) > 0 {
		line("score", "%s", scoreWords(h))
	}
	line("why", "%s", h.Why)
	line("outlet", "%s (%s)", d.Article.Source, d.Article.Lang)
	if d.Article.Section != "" {
		line("section", "%s", d.Article.Section)
	}
	line("published", "%s", a.moment(d.Article.Published))
	line("seen", "%s", a.moment(d.Article.Seen))
	line("link", "%s", d.Article.Address())
	if h.Quiet != "" {
		line("alert", "none: %s", h.Quiet)
	}
	if d.Withdrawn > 0 {
		line("withdrawn", "the article's version %d no longer says it", d.Withdrawn)
	}
	line("rules", "%s", h.Pack)
	for _, e := range h.Evidence {
		fmt.Fprintln(out)
		line("evidence", "%s, bytes %d to %d: %s", e.Field, e.Start, e.End, e.Quote)
		line("", "“%s”", e.Sentence)
		for _, w := range e.Words {
			at := w.Start - e.SentenceStart
			if at >= 0 && w.End-e.SentenceStart <= len(e.Sentence) {
				fmt.Fprintf(out, "           %-8s %s (%d–%d)\n", w.Leg, guard.Line(e.Sentence[at:w.End-e.SentenceStart]), w.Start, w.End)
			}
		}
	}
	if len(d.Verdicts) > 0 {
		fmt.Fprintln(out)
	}
	for _, v := range d.Verdicts {
		by := ""
		if v.By != "" {
			by = " by " + v.By
		}
		line("verdict", "%s%s, %s", v.Says, by, a.moment(v.Given))
		if v.Note != "" {
			line("", "“%s”", v.Note)
		}
	}
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func (a *app) hitsExportCommand() *cobra.Command {
	var f filterFlags
	var format string
	var asTests, asJSON bool
	c := &cobra.Command{
		Use:   "export",
		Short: "Export hits as JSON Lines or CSV, or verdicts as tests of the rules",
		Long: `Exports hits, one JSON object a line (--format json, or --json: the fields of hits
list --json) or one row a hit (--format csv, safe against formulas). With --as-tests: the articles that were judged, with what must
be found in them (relevant) and what must not (irrelevant), and those that were
reported as missed, as far as they are stored; for: driftwatch rules test.`,
		Example: `  driftwatch hits export --format csv --since 30d > hits.csv
  driftwatch hits export --as-tests > tests/verdicts.yaml`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			if asJSON && cmd.Flags().Changed("format") && format != "json" {
				return usage("--json and --format %s exclude each other", format)
			}
			if format != "json" && format != "csv" {
				return usage("--format is %q; it may be json or csv", format)
			}
			return a.withStore(cmd, func(st store.Store) error {
				filter, err := f.filter(a.now(), a.location)
				if err != nil {
					return err
				}
				if asTests {
					return a.exportTests(cmd.Context(), st, filter)
				}
				rows, err := st.Hits(cmd.Context(), filter)
				if err != nil {
					return err
				}
				if format == "csv" {
					return writeCSV(a.stdout, docs(rows))
				}
				enc := jsonLines(a.stdout)
				for _, d := range docs(rows) {
					if err := enc.Encode(d); err != nil {
						return err
					}
				}
				return nil
			})
		}),
	}
	f.add(c, 0)
	c.Flags().StringVar(&format, "format", "json", "json (JSON Lines) or csv")
	c.Flags().BoolVar(&asTests, "as-tests", false, "export verdicts and misses as a file of tests")
	c.Flags().BoolVar(&asJSON, "json", false, "the same as --format json")
	c.MarkFlagsMutuallyExclusive("as-tests", "format")
	c.MarkFlagsMutuallyExclusive("as-tests", "json")
	return c
}

// csvHead are the columns of an export, in order.
var csvHead = []string{"id", "story", "theme", "signal", "level", "direction", "countries", "score", "title", "url", "source", "language", "published", "seen", "verdict", "evidence"}

func writeCSV(out io.Writer, hits []hitDoc) error {
	w := csv.NewWriter(out)
	w.Write(csvHead)
	for _, h := range hits {
		var published, verdict, evidence string
		if h.Published != nil {
			published = h.Published.Format(time.RFC3339)
		}
		if h.Verdict != nil {
			verdict = string(h.Verdict.Says)
		}
		for i, e := range h.Evidence {
			if i > 0 {
				evidence += " | "
			}
			evidence += e.Sentence
		}
		row := []string{
			strconv.FormatInt(h.ID, 10), strconv.FormatInt(h.Story, 10), string(h.Theme), h.Signal, strconv.Itoa(h.Level),
			string(h.Direction), strings.Join(h.Countries, " "), strconv.FormatFloat(h.Score, 'f', 2, 64), h.Title, h.URL,
			h.Source, h.Language, published, h.Seen.Format(time.RFC3339), verdict, evidence,
		}
		for i := range row {
			row[i] = guard.CSV(row[i])
		}
		w.Write(row)
	}
	w.Flush()
	return w.Error()
}

func (a *app) hitsJudgeCommand() *cobra.Command {
	var note, by string
	var asJSON bool
	c := &cobra.Command{
		Use:   "judge ID… relevant|irrelevant|unsure",
		Short: "Record a verdict on one or more hits",
		Long: `Records what an analyst says of hits. Verdicts are added, never overwritten: the
last one stands. Works while a cycle runs.

--json prints {"hits":[],"says","by","note","given"}, by and note where there are any.`,
		Example: `  driftwatch hits judge 17 18 irrelevant --note "a court's sanction" --by aigul`,
		Args:    cobra.MinimumNArgs(2),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			says, err := judgement(args[len(args)-1])
			if err != nil {
				return err
			}
			var ids []int64
			for _, s := range args[:len(args)-1] {
				id, err := hitID(s)
				if err != nil {
					return err
				}
				ids = append(ids, id)
			}
			return a.withStore(cmd, func(st store.Store) error {
				return a.judge(cmd, st, ids, news.Verdict{Says: says, By: orUser(by), Note: note, Given: a.now().UTC()}, asJSON)
			})
		}),
	}
	c.Flags().StringVar(&note, "note", "", "why")
	c.Flags().StringVar(&by, "by", "", "who says so (default: $USER)")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// judgedDoc is what `hits judge --json` prints.
type judgedDoc struct {
	Hits []int64 `json:"hits"`
	verdictDoc
}

// judge checks all ids before it records anything.
func (a *app) judge(cmd *cobra.Command, st store.Store, ids []int64, v news.Verdict, asJSON bool) error {
	for _, id := range ids {
		if _, err := st.Hit(cmd.Context(), id); errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no hit %d; nothing was recorded", id)
		} else if err != nil {
			return err
		}
	}
	for _, id := range ids {
		v.Hit = id
		if err := st.Judge(cmd.Context(), v); err != nil {
			return err
		}
	}
	if asJSON {
		return printJSON(a.stdout, judgedDoc{ids, verdictOf(v)})
	}
	fmt.Fprintf(a.stdout, "Recorded: %s on %d %s.\n", v.Says, len(ids), plural(len(ids), "hit", "hits"))
	return nil
}

func (a *app) hitsMissCommand() *cobra.Command {
	var m news.Miss
	var theme string
	var asJSON bool
	c := &cobra.Command{
		Use:   "miss URL --country C {--theme T | --signal S}",
		Short: "Record a story that should have been flagged",
		Example: `  driftwatch hits miss https://example.org/news/1 --theme csto --country KG
  driftwatch hits miss https://example.org/news/1 --signal C1 --country KG`,
		Long: `Records a story that should have been flagged, for: driftwatch rules stats, and
driftwatch hits export --as-tests. With --signal it stands in the record of the signal
that should have found it, and the theme is that signal's.

--json prints {"id","url","theme","signal","country","by","note","given"}; signal, by and
note where there are any.`,
		Args: cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			m.URL, m.Theme, m.Country = args[0], news.Theme(theme), strings.ToUpper(m.Country)
			if !isAddress(m.URL) {
				return usage("%q is no address of a page: it must begin with http:// or https://", m.URL)
			}
			if !slices.Contains(news.Countries, m.Country) {
				return usage("--country is %q; it must be one of %s", m.Country, strings.Join(news.Countries, ", "))
			}
			c, err := a.load()
			if err != nil {
				return err
			}
			if m.Theme, err = missedTheme(c, theme, m.Signal); err != nil {
				return err
			}
			m.By, m.Given = orUser(m.By), a.now().UTC()
			return a.withStore(cmd, func(st store.Store) error {
				id, err := st.AddMiss(cmd.Context(), m)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.stdout, missedDoc{id, m.URL, m.Theme, m.Signal, m.Country, m.By, m.Note, m.Given})
				}
				fmt.Fprintf(a.stdout, "Recorded miss %d.\n", id)
				return nil
			})
		}),
	}
	c.Flags().StringVar(&theme, "theme", "", "the theme that it should have been flagged with")
	c.Flags().StringVar(&m.Signal, "signal", "", "the signal that should have found it; its theme then needn't be given")
	c.Flags().StringVar(&m.Country, "country", "", "the country: KZ, KG, UZ, TJ or TM")
	c.Flags().StringVar(&m.Note, "note", "", "why")
	c.Flags().StringVar(&m.By, "by", "", "who says so (default: $USER)")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.MarkFlagsOneRequired("theme", "signal")
	c.MarkFlagRequired("country")
	return c
}

// missedTheme is the theme of a miss: the one given, which must be one of the packs in
// force, else the signal's. A signal's own theme can't be another one.
func missedTheme(c *configs.Config, theme, signal string) (news.Theme, error) {
	if signal == "" {
		return news.Theme(theme), knownTheme(c, theme)
	}
	engine, err := loadEngine(c)
	if err != nil {
		return "", err
	}
	all := engine.Signals()
	i := slices.IndexFunc(all, func(s rules.Signal) bool { return s.ID == signal })
	switch {
	case i < 0:
		near := configs.Nearest(signal, engine.SignalIDs())
		if near != "" {
			near = "did you mean " + near + "? "
		}
		return "", usage("--signal %q is none of the packs in force; %ssee: driftwatch rules show", signal, near)
	case theme != "" && theme != string(all[i].Theme):
		return "", usage("--signal %s is of the theme %s, not of %s", signal, all[i].Theme, theme)
	}
	return all[i].Theme, nil
}

// missedDoc is what `hits miss --json` prints.
type missedDoc struct {
	ID      int64      `json:"id"`
	URL     string     `json:"url"`
	Theme   news.Theme `json:"theme"`
	Signal  string     `json:"signal,omitempty"`
	Country string     `json:"country"`
	By      string     `json:"by,omitempty"`
	Note    string     `json:"note,omitempty"`
	Given   time.Time  `json:"given"`
}

// knownTheme checks a theme against the packs in force.
func knownTheme(c *configs.Config, theme string) error {
	engine, err := loadEngine(c)
	if err != nil {
		return err
	}
	known := engine.Themes()
	if slices.Contains(known, theme) {
		return nil
	}
	return usage("--theme is %q; it may be one of %s", theme, strings.Join(known, ", "))
}

func hitID(s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 1 {
		return 0, usage("%q is no hit's number; see: driftwatch hits list", s)
	}
	return id, nil
}

func orUser(by string) string {
	if by != "" {
		return by
	}
	return os.Getenv("USER")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
