package review

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"driftwatch/news"
)

// table writes a list as CSV that no spreadsheet takes for formulas, or as JSON
// Lines.
type table struct {
	v     *visit
	cells *csv.Writer   // nil: JSON Lines
	lines *json.Encoder // nil: CSV
}

// byteOrderMark begins CSV: without it Excel reads UTF-8 as the letters of the system's
// own code page.
const byteOrderMark = "\ufeff"

// tablePart is how many rows of a long list are read at a time and sent before the
// next are read, so that a list of any length takes no more memory than a short one
// and begins at once.
const tablePart = 200

// table begins the answer with a list, in the format that the address asks for.
func (v *visit) table(name string, head ...string) *table {
	t := &table{v: v}
	h := v.w.Header()
	format := v.r.URL.Query().Get("format")
	if format == "jsonl" {
		h.Set("Content-Type", "application/x-ndjson")
		t.lines = json.NewEncoder(v.w)
	} else {
		format = "csv"
		h.Set("Content-Type", "text/csv; charset=utf-8")
		t.cells = csv.NewWriter(v.w)
		t.cells.Write(append([]string{byteOrderMark + head[0]}, head[1:]...))
	}
	h.Set("Content-Disposition", `attachment; filename="`+name+"."+format+`"`)
	return t
}

// row writes one line: doc for JSON Lines, cells for CSV.
func (t *table) row(doc any, cells ...string) error {
	if t.lines != nil {
		return t.lines.Encode(doc)
	}
	return t.cells.Write(plainCells(cells...))
}

// send sends the rows that were written so far.
func (t *table) send() error {
	if err := t.end(); err != nil {
		return err
	}
	return http.NewResponseController(t.v.w).Flush()
}

func (t *table) end() error {
	if t.cells == nil {
		return nil
	}
	t.cells.Flush()
	return t.cells.Error()
}

// failed is how a list ends that can't be read to its end: one that hasn't begun
// (nil) is answered with the error; of one that has, the connection is cut, so that
// nobody takes a part for the whole.
func (t *table) failed(err error) error {
	if t == nil || err == nil {
		return err
	}
	if t.v.r.Context().Err() == nil {
		t.v.Log.Error("export cut short", "page", t.v.r.URL.Path, "problem", err)
	}
	panic(http.ErrAbortHandler)
}

// plainCells keeps cells from being formulas in a spreadsheet: neither where they
// begin, nor where a spreadsheet that takes semicolons or tabs for the ends of cells
// would begin one.
func plainCells(cells ...string) []string {
	for i, c := range cells {
		if startsFormula.MatchString(c) {
			c = "'" + c
		}
		cells[i] = startsCell.ReplaceAllString(c, "$1'$2")
	}
	return cells
}

// What a formula begins with, the wide forms of these signs too.
var (
	startsFormula = regexp.MustCompile(`^[\t\r\n "]*[=+\-@＝＋－＠]|^[\t\r\n]`)
	startsCell    = regexp.MustCompile(`([;\t\r\n][ "]*)([=+\-@＝＋－＠])`)
)

// auditDoc is an entry of the audit log as programs read it.
type auditDoc struct {
	ID   int64     `json:"id"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	From string    `json:"from"`
	Did  string    `json:"did"`
	On   string    `json:"on"`
	Note string    `json:"note"`
}

func auditOf(e news.Audited) auditDoc {
	return auditDoc{e.ID, e.At.UTC(), e.By, e.From, e.Did, e.On, e.Note}
}

// exportAudit gives the entries of a filter, all of them.
func (v *visit) exportAudit() error {
	f := v.auditFilter()
	f.Limit = tablePart
	var t *table
	for {
		entries, err := v.People.Audit(v.r.Context(), f)
		if err != nil {
			return t.failed(err)
		}
		if t == nil {
			t = v.table("audit", "id", "at", "by", "from", "did", "on", "note")
		}
		for _, e := range entries {
			d := auditOf(e)
			if err := t.row(d, strconv.FormatInt(d.ID, 10), d.At.Format(time.RFC3339), d.By, d.From, d.Did, d.On, d.Note); err != nil {
				return t.failed(err)
			}
		}
		if len(entries) < f.Limit {
			return t.failed(t.end())
		}
		f.Before = entries[len(entries)-1].ID
		if err := t.send(); err != nil {
			return t.failed(err)
		}
	}
}

// userDoc is a user as programs read it.
type userDoc struct {
	ID       int64     `json:"id"`
	Name     string    `json:"name"`
	Role     news.Role `json:"role"`
	Disabled bool      `json:"disabled"`
	Since    time.Time `json:"since"`
}

func userOf(u news.User) userDoc { return userDoc{u.ID, u.Name, u.Role, u.Disabled, u.Created.UTC()} }

func (v *visit) exportUsers() error {
	all, err := v.People.Users(v.r.Context())
	if err != nil {
		return err
	}
	t := v.table("users", "id", "name", "role", "disabled", "since")
	for _, u := range all {
		d := userOf(u)
		if err := t.row(d, strconv.FormatInt(d.ID, 10), d.Name, string(d.Role), strconv.FormatBool(d.Disabled), d.Since.Format(time.RFC3339)); err != nil {
			return err
		}
	}
	return t.end()
}

// foundDoc is an article that was found, as programs read it.
type foundDoc struct {
	articleDoc
	Story int64      `json:"story"`
	Found string     `json:"found"` // the text around the first word that was found
	Hits  []foundHit `json:"hits"`
}

type foundHit struct {
	Signal    string         `json:"signal"`
	Theme     news.Theme     `json:"theme"`
	Level     int            `json:"level"`
	Direction news.Direction `json:"direction"`
	Countries []string       `json:"countries"`
}

func (v *visit) foundOf(a news.FoundArticle) foundDoc {
	d := foundDoc{articleDoc: v.articleOf(a.Article), Story: a.Article.Story, Hits: []foundHit{}}
	var b strings.Builder
	for _, p := range v.foundRow(a).Snippet {
		b.WriteString(p.Text)
	}
	d.Found = b.String()
	for _, h := range a.Hits {
		d.Hits = append(d.Hits, foundHit{h.Signal, h.Theme, h.Level, h.Direction, append([]string{}, h.Countries...)})
	}
	return d
}

// searchExportMost is how many articles an export of a search has at most.
const searchExportMost = 1000

// exportSearch gives what a search finds.
func (v *visit) exportSearch() error {
	q := v.r.URL.Query()
	f := searchFilter(q)
	f.Skip, f.Limit = 0, searchExportMost
	found, asked, err := v.search(f, q.Get("in") == "rules")
	switch {
	case err != nil:
		return err
	case !asked:
		return problem(http.StatusUnprocessableEntity, "What are you looking for?")
	case len(found.Faults) > 0:
		return &fault{http.StatusUnprocessableEntity, "%s", []any{strings.Join(found.Faults, " ")}}
	}
	t := v.table("articles", "id", "story", "source", "outlet", "title", "language", "url", "published", "seen", "found", "signals")
	for _, a := range found.Articles {
		d := v.foundOf(a)
		var signals []string
		for _, h := range d.Hits {
			signals = append(signals, h.Signal)
		}
		if err := t.row(d, strconv.FormatInt(d.ID, 10), strconv.FormatInt(d.Story, 10), d.Source, d.Outlet, d.Title, d.Language, d.URL, stampOf(d.Published),
			d.Seen.Format(time.RFC3339), d.Found, strings.Join(signals, " ")); err != nil {
			return err
		}
	}
	return t.end()
}

// sourceDoc is a source in an export.
type sourceDoc struct {
	SourceLine
	State       string     `json:"state"` // reading, failing, paused, new or off
	PausedBy    string     `json:"paused_by,omitempty"`
	PausedSince *time.Time `json:"paused_since,omitempty"`
	Today       int        `json:"articles_today"`
	Month       int        `json:"articles_30_days"`
}

func (v *visit) exportSources() error {
	all, err := v.Options.Sources.Health(v.r.Context())
	if err != nil {
		return err
	}
	t := v.table("sources", "id", "name", "country", "languages", "kind", "url", "state", "last_poll", "last_success", "next_poll", "failures", "problem", "paused_by", "articles_today", "articles_30_days")
	for _, h := range all {
		line := v.sourceLine(h)
		if !v.sourceWanted(line) {
			continue
		}
		s := h.State
		d := sourceDoc{SourceLine: SourceLine{ID: h.ID, Name: h.Name, Country: h.Country, Languages: append([]string{}, h.Languages...), Kind: string(h.Kind), URL: h.Address(), Enabled: h.Enabled,
			LastPoll: timed(s.LastPoll), LastGood: timed(s.LastSuccess), NextPoll: timed(s.NextPoll), Failures: s.Failures, Problem: s.Problem, Gone: s.Gone}, State: line.Word, Today: line.Today}
		if h.Paused != nil {
			d.PausedBy, d.PausedSince = h.Paused.By, timed(h.Paused.Since)
		}
		for _, n := range h.Days {
			d.Month += n
		}
		if err := t.row(d, d.ID, d.Name, d.Country, strings.Join(d.Languages, " "), d.Kind, d.URL, d.State, stampOf(d.LastPoll), stampOf(d.LastGood), stampOf(d.NextPoll), strconv.Itoa(d.Failures),
			d.Problem, d.PausedBy, strconv.Itoa(d.Today), strconv.Itoa(d.Month)); err != nil {
			return err
		}
	}
	return t.end()
}

// silenceDoc is a silence as programs read it.
type silenceDoc struct {
	ID        int64             `json:"id"`
	State     news.SilenceState `json:"state"`
	Themes    []news.Theme      `json:"themes"`
	Countries []string          `json:"countries"`
	Signals   []string          `json:"signals"`
	Sources   []string          `json:"sources"`
	Stories   []int64           `json:"stories"`
	Reason    string            `json:"reason"`
	By        string            `json:"by"`
	Begins    time.Time         `json:"begins"`
	Ends      time.Time         `json:"ends"`
	Kept      int               `json:"kept_back"`
}

func (v *visit) silenceOf(s news.Silence) silenceDoc {
	return silenceDoc{s.ID, s.State(v.now), append([]news.Theme{}, s.Themes...), append([]string{}, s.Countries...), append([]string{}, s.Signals...), append([]string{}, s.Sources...),
		append([]int64{}, s.Stories...), s.Reason, s.By, s.Begins.UTC(), s.Ends.UTC(), s.Kept}
}

func (v *visit) exportSilences() error {
	all, err := v.silences(v.r.URL.Query().Has("all"))
	if err != nil {
		return err
	}
	t := v.table("silences", "id", "state", "what", "reason", "by", "begins", "ends", "kept_back")
	for _, s := range all {
		d := v.silenceOf(s)
		if err := t.row(d, strconv.FormatInt(d.ID, 10), string(d.State), strings.Join(v.silenced(s), "; "), d.Reason, d.By, d.Begins.Format(time.RFC3339), d.Ends.Format(time.RFC3339), strconv.Itoa(d.Kept)); err != nil {
			return err
		}
	}
	return t.end()
}

// ruleDoc is a signal with its record as programs read it.
type ruleDoc struct {
	ID         string            `json:"id"`
	Title      string            `json:"title"`
	Theme      news.Theme        `json:"theme"`
	Direction  news.Direction    `json:"direction"`
	Level      int               `json:"level"`
	Hits       int               `json:"hits"`
	Relevant   int               `json:"relevant"`
	Irrelevant int               `json:"irrelevant"`
	Unsure     int               `json:"unsure"`
	Precision  *float64          `json:"precision"` // null: nothing was judged
	Low        *float64          `json:"low"`       // of its 95 % interval
	High       *float64          `json:"high"`
	Misses     int               `json:"misses"`
	Languages  []ruleLanguageDoc `json:"languages"`
	Failing    int               `json:"failing_tests"`
	Last       *time.Time        `json:"last"`
}

type ruleLanguageDoc struct {
	Language   string `json:"language"`
	Hits       int    `json:"hits"`
	Relevant   int    `json:"relevant"`
	Irrelevant int    `json:"irrelevant"`
	Unsure     int    `json:"unsure"`
}

func ruleOf(r RuleRecord) ruleDoc {
	d := ruleDoc{ID: r.ID, Title: r.Title, Theme: r.Theme, Direction: r.Direction, Level: r.Level, Hits: r.Hits, Relevant: r.Relevant, Irrelevant: r.Irrelevant, Unsure: r.Unsure,
		Misses: r.Misses, Languages: []ruleLanguageDoc{}, Failing: r.Failing, Last: timed(r.Last)}
	if r.Judged() > 0 {
		p := r.Precision()
		d.Precision, d.Low, d.High = &p, &r.Low, &r.High
	}
	for _, l := range r.Languages {
		d.Languages = append(d.Languages, ruleLanguageDoc(l))
	}
	return d
}

// exportRules gives the signals with their record of the last 30 days.
func (v *visit) exportRules() error {
	list, err := v.Rules.Signals(v.r.Context(), v.now.Add(-rulesSince))
	if err != nil {
		return err
	}
	t := v.table("signals", "id", "title", "theme", "direction", "level", "hits", "relevant", "irrelevant", "unsure", "precision", "low", "high", "misses", "languages", "failing_tests", "last")
	share := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'f', 3, 64)
	}
	for _, r := range sortedRules(list.Signals, v.r.URL.Query().Get("sort")) {
		d := ruleOf(r)
		var langs []string
		for _, l := range d.Languages {
			langs = append(langs, l.Language)
		}
		if err := t.row(d, d.ID, d.Title, string(d.Theme), string(d.Direction), strconv.Itoa(d.Level), strconv.Itoa(d.Hits), strconv.Itoa(d.Relevant), strconv.Itoa(d.Irrelevant), strconv.Itoa(d.Unsure),
			share(d.Precision), share(d.Low), share(d.High), strconv.Itoa(d.Misses), strings.Join(langs, " "), strconv.Itoa(d.Failing), stampOf(d.Last)); err != nil {
			return err
		}
	}
	return t.end()
}
