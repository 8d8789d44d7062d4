package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/crawler/extract"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/watch"
)

// shownNearly is how many signals of a theme that nearly fired are shown.
const shownNearly = 3

// The stages of an explanation.
const (
	stageFetch   = "fetch"
	stageExtract = "extract"
	stageRead    = "read"
	stageFlag    = "flag"
)

var stages = []string{stageFetch, stageExtract, stageRead, stageFlag}

// explainFlags are what explain is asked.
type explainFlags struct {
	url, source, lang string
	story, hit        int64
	signals, stages   []string
	names             []string // files
	nearly            int
	json              bool
}

func (a *app) explainCommand() *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use:   "explain [FILE|URL|-]",
		Short: "A page or text as the program sees it: why it is flagged, and why it isn't",
		Long: `Shows a page or a plain text step by step: what was fetched and how it was decoded,
what was extracted and from where in the page, its language, sentences and the words
of the lexicon in them, each signal that fired with its legs and the parts of its
score, and those that nearly did, with the leg that was missing and where it was
looked for. Nothing is stored.

An HTML file is read as a page, a JSON object as flag reads one, anything else as a
plain text whose first line is its title. --source says which outlet it is from, whatever
the object says: its country, languages, selectors and time zone count. --signal traces these signals alone, also
where nothing of them is there. --story and --hit explain the stored articles of a
story, and what has changed in the rules since they flagged it.

Exit codes: 0 done, whatever was found; 1 it could not be fetched or read; 2 bad usage
or configuration.`,
		Example: `  driftwatch explain https://example.org/news/1
  driftwatch explain --signal C3 page.html
  driftwatch explain --story 17`,
		Args: cobra.MaximumNArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			if f.nearly < 0 {
				return usage("--nearly is negative")
			}
			if err := pageAddress(f.url); err != nil {
				return err
			}
			if len(f.signals) > 0 {
				f.nearly = 0
			}
			for _, s := range f.stages {
				if !slices.Contains(stages, s) {
					return usage("--stage is %q; it may be %s", s, strings.Join(stages, ", "))
				}
			}
			switch {
			case (f.story != 0 || f.hit != 0) && len(args) > 0:
				return usage("--story and --hit take no file")
			case f.story != 0 || f.hit != 0:
				return a.explainStory(cmd, f)
			}
			return a.explain(cmd.Context(), args, f)
		}),
	}
	fl := c.Flags()
	fl.StringArrayVar(&f.names, "names", nil, "look for the names in this list too (may be given more than once)")
	fl.Int64Var(&f.story, "story", 0, "explain the stored articles of this story (`ID` of: driftwatch hits show)")
	fl.Int64Var(&f.hit, "hit", 0, "the same, of the story of this hit (`ID` of: driftwatch hits list)")
	fl.StringSliceVar(&f.signals, "signal", nil, "trace these signals alone")
	fl.StringSliceVar(&f.stages, "stage", nil, "show these stages alone: "+strings.Join(stages, ", "))
	fl.IntVar(&f.nearly, "nearly", shownNearly, "at most so many signals of a theme that nearly fired; 0: all")
	fl.StringVar(&f.url, "url", "", "the address that an HTML file was fetched from")
	fl.StringVar(&f.source, "source", "", "the outlet (`ID` of: driftwatch sources list)")
	fl.StringVar(&f.lang, "lang", "", "what the outlet says of the language, a hint (BCP 47)")
	fl.BoolVar(&f.json, "json", false, "print JSON")
	return c
}

// explain explains a file, standard input or an address.
func (a *app) explain(ctx context.Context, args []string, f explainFlags) error {
	c, engine, err := a.explainer()
	if err != nil {
		return err
	}
	var x watch.Explained
	if x.Names, err = a.namesOf(f.names); err != nil {
		return err
	}
	if x.Source, err = sourceNamed(c, f.source); err != nil {
		return err
	}
	if len(args) == 1 && isAddress(args[0]) {
		err = a.explainAddress(ctx, c, args[0], &x)
	} else {
		err = a.explainFile(args, f, watch.Sources(c), &x)
	}
	if err != nil {
		return err
	}
	if err := knownLang(f.lang); err != nil {
		fmt.Fprintf(a.stderr, "driftwatch: %s\n", guard.Line(err.Error()))
	} else if f.lang != "" {
		x.Article.Lang = f.lang
	}
	if x.NoPage == nil {
		if err := x.Flag(engine, f.signals); err != nil {
			return configFault(err)
		}
	}
	if f.json {
		return printJSON(a.stdout, explainDocOf(&x, f.stages))
	}
	a.printExplained(&x, f)
	if x.NoPage != nil {
		return &exitError{code: exitFailed}
	}
	return nil
}

func (a *app) explainer() (*configs.Config, *rules.Engine, error) {
	c, err := a.load()
	if err != nil {
		return nil, nil, err
	}
	engine, err := loadEngine(c)
	return c, engine, err
}

func isAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// sourceNamed is the source of an id, none for none.
func sourceNamed(c *configs.Config, id string) (news.Source, error) {
	if id == "" {
		return news.Source{}, nil
	}
	var ids []string
	for _, s := range watch.Sources(c) {
		if s.ID == id {
			return s, nil
		}
		ids = append(ids, s.ID)
	}
	hint := ""
	if near := configs.Nearest(id, ids); near != "" {
		hint = "; did you mean " + near + "?"
	}
	return news.Source{}, usage("no source is called %q%s", id, hint)
}

func (a *app) explainAddress(ctx context.Context, c *configs.Config, url string, x *watch.Explained) error {
	w, err := a.asker(ctx, c)
	if err != nil {
		return configFault(err)
	}
	defer w.Close()
	fetched, body, err := w.FetchPage(ctx, url, x.Source)
	if err != nil {
		return err
	}
	x.Fetched = fetched
	x.ReadPage(body, extract.Options{URL: fetched.Final, ContentType: fetched.ContentType, Selectors: x.Source.Selectors, Fetched: a.now(), Zone: x.Source.Zone})
	return nil
}

func (a *app) explainFile(args []string, f explainFlags, sources []news.Source, x *watch.Explained) error {
	body, err := a.readAll(args)
	if err != nil {
		return err
	}
	var doc textIn
	switch {
	case json.Unmarshal(body, &doc) == nil && doc.Title+doc.Text != "":
		at, err := textDate(doc.Date)
		if err != nil {
			fmt.Fprintf(a.stderr, "driftwatch: %s\n", guard.Line(err.Error()))
		}
		x.Article, x.Source = doc.article(at), doc.source(x.Source, sources)
		x.Article.Seen = a.now()
	case watch.IsPage(body):
		x.ReadPage(body, extract.Options{URL: f.url, Selectors: x.Source.Selectors, Fetched: a.now(), Zone: x.Source.Zone})
	default:
		x.ReadPlain(body)
		x.Article.Seen = a.now()
	}
	return nil
}

// article is the text as an article that was published at a time.
func (d textIn) article(at time.Time) news.Article {
	return news.Article{Title: d.Title, Text: d.Text, Lang: d.Lang, URL: d.URL, Published: at}
}

// source is the outlet of the text: the one that is given, where one is, else the one
// that the text names, as the configuration has it.
func (d textIn) source(given news.Source, configured []news.Source) news.Source {
	if given.ID != "" {
		return given
	}
	if i := slices.IndexFunc(configured, func(s news.Source) bool { return s.ID == d.Source }); i >= 0 {
		return configured[i]
	}
	return news.Source{ID: d.Source, Name: d.Source, Country: d.Country}
}

// explainStory explains what is stored of a story.
func (a *app) explainStory(cmd *cobra.Command, f explainFlags) error {
	c, engine, err := a.explainer()
	if err != nil {
		return err
	}
	return a.withStore(cmd, func(st store.Store) error {
		if f.hit != 0 {
			h, err := st.Hit(cmd.Context(), f.hit)
			if errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("there is no hit %d; see: driftwatch hits list", f.hit)
			}
			if err != nil {
				return err
			}
			f.story = h.Hit.Story
		}
		articles, err := st.ArticlesOf(cmd.Context(), f.story)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no story %d; see: driftwatch hits list", f.story)
		}
		if err != nil {
			return err
		}
		then, err := sinceThen(cmd.Context(), st, f.story, engine)
		if err != nil {
			return err
		}
		known, err := watch.LoadNames(func(add func(news.Name) error) error {
			return st.EachName(cmd.Context(), store.NameFilter{}, add)
		})
		if err != nil {
			return err
		}
		docs := []explainDoc{}
		for i, art := range articles {
			x := watch.Explained{Article: art, Names: known}
			x.Source, _ = sourceNamed(c, art.Source) // one that is no longer configured is unknown
			if err := x.Flag(engine, f.signals); err != nil {
				return configFault(err)
			}
			if f.json {
				docs = append(docs, explainDocOf(&x, f.stages))
				continue
			}
			if i > 0 {
				fmt.Fprintln(a.stdout)
			}
			fmt.Fprintf(a.stdout, "Article %d of %d: %s, seen %s\n%s\n", i+1, len(articles), guard.Line(art.Source), a.moment(art.Seen), guard.Line(art.Address()))
			a.printExplained(&x, f)
		}
		if f.json {
			return printJSON(a.stdout, storyExplainDoc{f.story, docs, then})
		}
		a.printSince(then)
		return nil
	})
}

// sinceDoc is what the rules changed since a version of them flagged a story.
type sinceDoc struct {
	Pack    string        `json:"pack"`
	Signals []string      `json:"signals"` // that it flagged the story with
	Known   bool          `json:"known"`   // whether that version was kept
	Changes []changeLines `json:"changes"`
}

// sinceThen says for each version of the rules that flagged a story what has
// changed since.
func sinceThen(ctx context.Context, st store.Store, story int64, engine *rules.Engine) ([]sinceDoc, error) {
	hits, err := st.Hits(ctx, store.HitFilter{Stories: []int64{story}, Withdrawn: true})
	if err != nil {
		return nil, err
	}
	out := []sinceDoc{}
	for _, h := range hits {
		i := slices.IndexFunc(out, func(d sinceDoc) bool { return d.Pack == h.Hit.Pack })
		if i < 0 {
			d := sinceDoc{Pack: h.Hit.Pack, Known: true}
			changes, err := watch.SinceThen(ctx, st, h.Hit.Pack, engine)
			switch {
			case errors.Is(err, store.ErrNotFound):
				d.Known = false
			case err != nil:
				return nil, err
			}
			d.Changes = changeLinesOf(changes)
			i = len(out)
			out = append(out, d)
		}
		if !slices.Contains(out[i].Signals, h.Hit.Signal) {
			out[i].Signals = append(out[i].Signals, h.Hit.Signal)
		}
	}
	return out, nil
}

func (a *app) printSince(then []sinceDoc) {
	if len(then) == 0 {
		fmt.Fprintln(a.stdout, "\nNo version of the rules has flagged this story.")
	}
	for _, d := range then {
		fmt.Fprintf(a.stdout, "\nThe story was flagged with %s by the rules %s: ", strings.Join(d.Signals, ", "), d.Pack)
		switch {
		case !d.Known:
			fmt.Fprintln(a.stdout, "that version wasn't kept, so what changed isn't known.")
		case len(d.Changes) == 0:
			fmt.Fprintln(a.stdout, "nothing has changed since.")
		default:
			fmt.Fprintf(a.stdout, "since then %d %s changed:\n", len(d.Changes), plural(len(d.Changes), "signal or concept has", "signals and concepts have"))
			for _, c := range d.Changes {
				fmt.Fprintf(a.stdout, "  %s %s\n", guard.Line(c.Name), c.What)
				for _, l := range c.Lines {
					fmt.Fprintf(a.stdout, "    %s\n", guard.Line(l))
				}
			}
		}
	}
}

// printExplained shows an explanation to a reader.
func (a *app) printExplained(x *watch.Explained, f explainFlags) {
	shows := func(stage string) bool { return len(f.stages) == 0 || slices.Contains(f.stages, stage) }
	if x.Fetched != nil && shows(stageFetch) {
		a.printFetched(x.Fetched)
	}
	if (x.Page != nil || x.NoPage != nil) && shows(stageExtract) {
		a.printExtracted(x)
	}
	if x.Rules == nil {
		return
	}
	if shows(stageRead) {
		a.printReading(x)
	}
	if shows(stageFlag) {
		a.printTraces(x, f.nearly)
	}
}

func (a *app) heading(name string) {
	fmt.Fprintf(a.stdout, "\n%s\n", a.style.strong(strings.ToUpper(name)))
}

// field prints a line with its name; an empty value prints nothing.
func (a *app) field(name, value string) {
	if value != "" {
		a.fold(a.stdout, fmt.Sprintf("%-11s%s", name, guard.Line(value)), strings.Repeat(" ", 11))
	}
}

func (a *app) printFetched(f *watch.Fetched) {
	a.heading(stageFetch)
	a.field("asked for", f.URL)
	if f.Final != f.URL {
		a.field("led to", f.Final)
	}
	a.field("status", strconv.Itoa(f.Status))
	a.field("type", f.ContentType)
	a.field("decoded", fmt.Sprintf("%d bytes from %s", f.Bytes, f.Encoding))
}

func (a *app) printExtracted(x *watch.Explained) {
	a.heading(stageExtract)
	if x.NoPage != nil {
		a.field("nothing", x.NoPage.Error())
		return
	}
	p := x.Page
	a.field("title", p.Title)
	paragraphs := strings.Count(p.Text, "\n\n") + 1
	a.field("text", fmt.Sprintf("%d bytes in %d %s, from the page's %s", len(p.Text), paragraphs, plural(paragraphs, "paragraph", "paragraphs"), p.From.Text))
	a.field("published", p.Published.String())
	a.field("modified", p.Modified.String())
	a.field("authors", strings.Join(p.Authors, ", "))
	a.field("language", p.Language)
	a.field("site", p.Site)
	a.field("section", p.Section)
	a.field("canonical", p.Canonical)
}

func (a *app) printReading(x *watch.Explained) {
	a.heading(stageRead)
	a.field("language", x.Rules.Lang)
	long := "short: legs may stand anywhere in it"
	if x.Rules.Long {
		long = "long: legs must stand together"
	}
	sentences := len(x.Reading.Title.Sentences) + len(x.Reading.Body.Sentences)
	a.field("length", fmt.Sprintf("%d %s; %s", sentences, plural(sentences, "sentence", "sentences"), long))
	n := 0
	for _, part := range []struct {
		field string
		of    int
	}{{news.FieldTitle, len(x.Reading.Title.Sentences)}, {news.FieldText, len(x.Reading.Body.Sentences)}} {
		f := &x.Reading.Title
		if part.field == news.FieldText {
			f = &x.Reading.Body
		}
		for i := range part.of {
			n++
			start, end := int(f.Sentences[i].Start), int(f.Sentences[i].End)
			words := wordsIn(x.Rules.Words, part.field, start, end)
			label := strconv.Itoa(n)
			if part.field == news.FieldTitle {
				label += " title"
			}
			a.fold(a.stdout, fmt.Sprintf("%-11s%s", label, a.underlined(f.Text, start, end, words)), strings.Repeat(" ", 11))
			if len(words) > 0 {
				a.fold(a.stdout, strings.Repeat(" ", 11)+a.style.faint(wordList(f.Text, words)), strings.Repeat(" ", 11))
			}
		}
	}
}

func wordsIn(all []rules.Word, field string, start, end int) []rules.Word {
	var out []rules.Word
	for _, w := range all {
		if w.Field == field && w.Start >= start && w.End <= end {
			out = append(out, w)
		}
	}
	return out
}

// underlined is a sentence with the words of the lexicon underlined.
func (a *app) underlined(text string, start, end int, words []rules.Word) string {
	var b strings.Builder
	at := start
	for _, w := range words {
		if w.Start < at {
			continue
		}
		b.WriteString(guard.Line(text[at:w.Start]))
		b.WriteString(a.style.underlined(guard.Line(text[w.Start:w.End])))
		at = w.End
	}
	b.WriteString(guard.Line(text[at:end]))
	return b.String()
}

// wordList names the concepts of a sentence: "csto: ОДКБ · refuse: отказался".
func wordList(text string, words []rules.Word) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = w.Concept + ": " + guard.Line(text[w.Start:w.End])
		if w.Negated {
			parts[i] += " (negated)"
		}
		if w.Ignored != "" {
			parts[i] += " (" + w.Ignored + ")"
		}
	}
	return strings.Join(parts, " · ")
}

func (a *app) printTraces(x *watch.Explained, most int) {
	a.heading(stageFlag)
	if len(x.Rules.Hits) == 0 {
		fmt.Fprintln(a.stdout, "Nothing is flagged.")
	}
	for _, h := range x.Rules.Hits {
		a.printFired(h)
	}
	told, left := map[news.Theme]int{}, 0
	for _, t := range x.Rules.Traces {
		if t.Outcome == rules.Fired {
			continue
		}
		if most > 0 && told[t.Signal.Theme] == most {
			left++
			continue
		}
		if len(told) == 0 {
			fmt.Fprintf(a.stdout, "\n%s\n", a.style.strong("Nearly:"))
		}
		told[t.Signal.Theme]++
		a.printTrace(t)
	}
	if left > 0 {
		fmt.Fprintf(a.stdout, "\n… and %d more, further off: --nearly 0\n", left)
	}
	if len(told) == 0 && len(x.Rules.Hits) == 0 {
		fmt.Fprintln(a.stdout, "No signal came near: no word of any theme is in the text. One by itself: --signal ID")
	}
}

func (a *app) printFired(h news.Hit) {
	head := fmt.Sprintf("%s · %s · %s · %s · level %d", h.Signal, h.Theme, strings.Join(h.Countries, " "), h.Direction, h.Level)
	fmt.Fprintf(a.stdout, "\n%s  %s\n", a.style.direction(h.Direction, guard.Line(head)), guard.Line(h.Title))
	indent := strings.Repeat(" ", 11)
	a.field("  why", h.Why)
	a.field("  status", string(h.Status))
	a.field("  actor", string(h.Actor))
	a.field("  names", strings.Join(h.Entities, ", "))
	a.field("  score", scoreWords(h))
	if h.Background {
		a.field("  alert", "none: it is background")
	}
	for _, e := range h.Evidence {
		a.fold(a.stdout, fmt.Sprintf("  %-9s“%s”", e.Field, a.marked(e)), indent)
		for _, w := range e.Words {
			from, to := w.Start-e.SentenceStart, w.End-e.SentenceStart
			if from >= 0 && to <= len(e.Sentence) {
				fmt.Fprintf(a.stdout, "%s%-8s %s\n", indent, w.Leg, guard.Line(e.Sentence[from:to]))
			}
		}
	}
}

// scoreWords shows what a score is made of: "0.85 = signal 0.45 + lead 0.20".
func scoreWords(h news.Hit) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%.2f", h.Score)
	for i, p := range h.Parts {
		sign := " + "
		if p.Value < 0 {
			sign = " − "
		} else if i == 0 {
			sign = " = "
		}
		fmt.Fprintf(&b, "%s%s %.2f", sign, p.Name, max(p.Value, -p.Value))
	}
	return b.String()
}

// marked is the sentence of a piece of evidence with its words underlined.
func (a *app) marked(e news.Evidence) string {
	words := make([]rules.Word, len(e.Words))
	for i, w := range e.Words {
		words[i] = rules.Word{Start: w.Start - e.SentenceStart, End: w.End - e.SentenceStart}
	}
	return a.underlined(e.Sentence, 0, len(e.Sentence), words)
}

// outcomeWords say how far a signal came.
var outcomeWords = map[rules.Outcome]string{
	rules.Lost: "gives way", rules.Refused: "refused", rules.Nearly: "nearly", rules.Nothing: "not a word of it",
}

func (a *app) printTrace(t rules.Trace) {
	indent := strings.Repeat(" ", 11)
	fmt.Fprintf(a.stdout, "\n%s · %s · %s: %s\n", guard.Line(t.Signal.ID), t.Signal.Theme, outcomeWords[t.Outcome], guard.Line(t.Signal.Title))
	if t.TitleSentence != "" {
		a.fold(a.stdout, fmt.Sprintf("  %-9s“%s”", news.FieldTitle, guard.Line(t.TitleSentence)), indent)
	}
	if t.Sentence != "" {
		a.fold(a.stdout, fmt.Sprintf("  %-9s“%s”", t.Field, guard.Line(t.Sentence)), indent)
	}
	for _, m := range t.Missing {
		line := fmt.Sprintf("  %-9s%s %s", m.Leg, guard.Line(m.What), m.Why)
		if len(m.Words) > 0 {
			line += " (" + wordForms(t, m.Words) + ")"
		}
		a.fold(a.stdout, line+a.style.faint("; looked for "+m.Where), indent)
	}
}

// wordForms names places by their concepts, each once.
func wordForms(t rules.Trace, words []rules.Word) string {
	var out []string
	for _, w := range words {
		form := w.Concept
		if w.Field == t.Field && w.Start >= t.Start && w.End <= t.End {
			form = guard.Line(t.Sentence[w.Start-t.Start : w.End-t.Start])
		}
		if !slices.Contains(out, form) {
			out = append(out, form)
		}
	}
	return strings.Join(out, ", ")
}

// explainDoc is an explanation as scripts read it.
type explainDoc struct {
	Fetch   *fetchDoc        `json:"fetch,omitempty"`
	Extract *extract.Article `json:"extract,omitempty"`
	From    string           `json:"extracted_from,omitempty"`
	Problem string           `json:"problem,omitempty"` // why a page holds no article
	Read    *readingDoc      `json:"read,omitempty"`
	Flag    *tracesDoc       `json:"flag,omitempty"`
}

type storyExplainDoc struct {
	Story    int64        `json:"story"`
	Articles []explainDoc `json:"articles"`
	Since    []sinceDoc   `json:"since"` // for each version of the rules that flagged it
}

type fetchDoc struct {
	URL         string `json:"url"`
	Final       string `json:"final"`
	Status      int    `json:"status"`
	ContentType string `json:"content_type"`
	Bytes       int    `json:"bytes"`
	Encoding    string `json:"encoding"`
}

type readingDoc struct {
	Lang      string          `json:"lang"`
	Long      bool            `json:"long"`
	Sentences []sentenceDoc   `json:"sentences"`
	Words     []explainedWord `json:"words"`
}

type sentenceDoc struct {
	Field string `json:"field"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

type explainedWord struct {
	Concept string `json:"concept"`
	Field   string `json:"field"`
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Country string `json:"country,omitempty"`
	Negated bool   `json:"negated,omitempty"`
	Ignored string `json:"ignored,omitempty"`
}

type tracesDoc struct {
	Hits    []flagHit  `json:"hits"`
	Signals []traceDoc `json:"signals"`
}

type traceDoc struct {
	Signal        string         `json:"signal"`
	Theme         news.Theme     `json:"theme"`
	Direction     news.Direction `json:"direction"`
	Title         string         `json:"title"`
	Outcome       rules.Outcome  `json:"outcome"`
	Nearness      float64        `json:"nearness"`
	Field         string         `json:"field,omitempty"`
	Start         int            `json:"start"`
	End           int            `json:"end"`
	Sentence      string         `json:"sentence,omitempty"`
	TitleSentence string         `json:"title_sentence,omitempty"`
	Missing       []missingDoc   `json:"missing"`
}

type missingDoc struct {
	Leg   string          `json:"leg"`
	What  string          `json:"what"`
	Why   string          `json:"why"`
	Where string          `json:"where"`
	Words []explainedWord `json:"words"`
}

func explainDocOf(x *watch.Explained, only []string) explainDoc {
	shows := func(stage string) bool { return len(only) == 0 || slices.Contains(only, stage) }
	var d explainDoc
	if f := x.Fetched; f != nil && shows(stageFetch) {
		doc := fetchDoc(*f)
		d.Fetch = &doc
	}
	if shows(stageExtract) {
		d.Extract = x.Page
		if x.Page != nil {
			d.From = x.Page.From.Text
		}
	}
	if x.NoPage != nil {
		d.Problem = x.NoPage.Error()
	}
	if x.Rules == nil {
		return d
	}
	if shows(stageRead) {
		d.Read = &readingDoc{Lang: x.Rules.Lang, Long: x.Rules.Long, Sentences: []sentenceDoc{}, Words: explainedWords(x.Rules.Words)}
		for _, s := range x.Reading.Title.Sentences {
			d.Read.Sentences = append(d.Read.Sentences, sentenceDoc{news.FieldTitle, int(s.Start), int(s.End)})
		}
		for _, s := range x.Reading.Body.Sentences {
			d.Read.Sentences = append(d.Read.Sentences, sentenceDoc{news.FieldText, int(s.Start), int(s.End)})
		}
	}
	if shows(stageFlag) {
		d.Flag = &tracesDoc{Hits: flagHits(x.Rules.Hits), Signals: []traceDoc{}}
		for _, t := range x.Rules.Traces {
			d.Flag.Signals = append(d.Flag.Signals, traceDocOf(t))
		}
	}
	return d
}

func explainedWords(words []rules.Word) []explainedWord {
	out := make([]explainedWord, len(words))
	for i, w := range words {
		out[i] = explainedWord(w)
	}
	return out
}

func traceDocOf(t rules.Trace) traceDoc {
	d := traceDoc{
		Signal: t.Signal.ID, Theme: t.Signal.Theme, Direction: t.Signal.Direction, Title: t.Signal.Title,
		Outcome: t.Outcome, Nearness: t.Nearness, Field: t.Field, Start: t.Start, End: t.End, Sentence: t.Sentence, TitleSentence: t.TitleSentence,
		Missing: []missingDoc{},
	}
	for _, m := range t.Missing {
		d.Missing = append(d.Missing, missingDoc{m.Leg, m.What, m.Why, m.Where, explainedWords(m.Words)})
	}
	return d
}
