package review

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"driftwatch/configs"
	"driftwatch/news"
)

// done answers that something was done, with what programs may need of it.
func (v *visit) done(what string, id int64) error {
	return v.send(http.StatusCreated, map[string]any{what: id})
}

func (v *visit) apiTakeBack() error {
	act, err := v.id()
	if err != nil {
		return err
	}
	stories, err := v.takeBack(act)
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"stories": stories})
}

// versionDoc is what an article said at one time.
type versionDoc struct {
	Revision int       `json:"revision"`
	Seen     time.Time `json:"seen"`
	Title    string    `json:"title"`
	Text     string    `json:"text"`
}

// copyDoc is a kept page of an article.
type copyDoc struct {
	Copy    int       `json:"copy"`
	URL     string    `json:"url"`
	Status  int       `json:"status"`
	Fetched time.Time `json:"fetched"`
	Digest  string    `json:"digest"`
}

// apiArticle gives an article with its text at each time, and what is kept of its
// page.
func (v *visit) apiArticle() error {
	if a := v.asked(); a.err != nil {
		return a.err
	}
	f, err := v.articleFile()
	if err != nil {
		return err
	}
	versions, copies := []versionDoc{}, []copyDoc{}
	for _, r := range f.Versions {
		versions = append(versions, versionDoc{r.Revision, r.Seen.UTC(), r.Title, r.Text})
	}
	for i, p := range f.Copies {
		copies = append(copies, copyDoc{i + 1, p.URL, p.Status, p.Fetched.UTC(), p.Digest})
	}
	return v.send(http.StatusOK, map[string]any{"article": v.articleOf(f.Article), "versions": versions, "copies": copies})
}

func (v *visit) apiNote() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	var in struct {
		Text string `json:"text"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	if in.Text = note(in.Text); in.Text == "" {
		return refusal(http.StatusUnprocessableEntity, "text: something is expected")
	}
	if err := v.remark(id, in.Text); err != nil {
		return err
	}
	return v.done("story", id)
}

func (v *visit) apiMiss() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	var in struct {
		Theme   news.Theme `json:"theme"`
		Signal  string     `json:"signal"`
		Country string     `json:"country"`
		Note    string     `json:"note"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	made, err := v.miss(id, news.Miss{Theme: in.Theme, Signal: in.Signal, Country: in.Country, Note: note(in.Note)})
	if err != nil {
		return err
	}
	return v.done("miss", made)
}

func (v *visit) apiSplit() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	var in struct {
		Articles []int64 `json:"articles"`
		Why      string  `json:"why"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	made, err := v.splitOff(id, in.Articles, in.Why)
	if err != nil {
		return err
	}
	return v.done("story", made)
}

func (v *visit) apiMerge() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	var in struct {
		Story int64  `json:"story"`
		Why   string `json:"why"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	if err := v.mergeOther(id, in.Story, in.Why); err != nil {
		return err
	}
	return v.done("story", id)
}

func (v *visit) apiSearch() error {
	known := []string{"q", "in", "skip", "limit"}
	for _, f := range news.SearchFacets {
		known = append(known, string(f))
	}
	a := v.asked(known...)
	a.among("in", []string{"rules", ""})
	f := searchFilter(a.q)
	f.Skip, f.Limit = a.number("skip", 0, news.SearchMost), a.number("limit", searchShown, apiMost)
	if a.err != nil {
		return a.err
	}
	found, asked, err := v.search(f, a.q.Get("in") == "rules")
	switch {
	case err != nil:
		return err
	case !asked:
		return refusal(http.StatusBadRequest, "q: words to look for are expected")
	case len(found.Faults) > 0:
		return refusal(http.StatusUnprocessableEntity, "q: %s", strings.Join(found.Faults, " "))
	}
	out := []foundDoc{}
	for _, one := range found.Articles {
		out = append(out, v.foundOf(one))
	}
	return v.send(http.StatusOK, map[string]any{"total": found.Total, "more": found.More, "waiting": found.Waiting, "articles": out})
}

func (v *visit) apiSilences() error {
	a := v.asked("ended")
	a.among("ended", []string{"true", "false"})
	if a.err != nil {
		return a.err
	}
	all, err := v.silences(a.q.Get("ended") == "true")
	if err != nil {
		return err
	}
	out := []silenceDoc{}
	for _, s := range all {
		out = append(out, v.silenceOf(s))
	}
	return v.send(http.StatusOK, map[string]any{"silences": out})
}

func (v *visit) apiSilence() error {
	var in struct {
		Themes    []news.Theme `json:"themes"`
		Countries []string     `json:"countries"`
		Signals   []string     `json:"signals"`
		Sources   []string     `json:"sources"`
		Stories   []int64      `json:"stories"`
		Reason    string       `json:"reason"`
		Ends      time.Time    `json:"ends"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	s := news.Silence{Themes: in.Themes, Countries: in.Countries, Signals: in.Signals, Sources: in.Sources, Stories: in.Stories, Reason: strings.TrimSpace(in.Reason),
		By: v.user.Name, Begins: v.now, Ends: in.Ends}
	says, err := v.silenceFault(s)
	if err != nil {
		return err
	}
	if says != "" {
		return refusal(http.StatusUnprocessableEntity, "%s", says)
	}
	id, err := v.keepSilence(s)
	if err != nil {
		return err
	}
	return v.done("silence", id)
}

func (v *visit) apiEndSilence() error {
	if err := v.stopSilence(); err != nil {
		return err
	}
	id, err := v.id()
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"silence": id})
}

func (v *visit) apiMoveDeliveries() error {
	var in struct {
		Do  string  `json:"do"`
		IDs []int64 `json:"ids"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	switch {
	case in.Do != "retry" && in.Do != "cancel":
		return refusal(http.StatusUnprocessableEntity, "do: retry or cancel is expected")
	case len(in.IDs) == 0 || len(in.IDs) > deliveriesAtOnce:
		return refusal(http.StatusUnprocessableEntity, "ids: 1 to %d numbers are expected", deliveriesAtOnce)
	}
	n, _, err := v.moveDeliveries(in.Do, in.IDs)
	if err != nil && v.Accepted != nil && v.Accepted(err) {
		return refusal(http.StatusConflict, deliveryAccepted)
	}
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"changed": n})
}

// listingDoc is what was found at an address.
type listingDoc struct {
	URL      string       `json:"url"`
	Kind     string       `json:"kind"`
	Title    string       `json:"title"`
	Why      string       `json:"why"`
	Language string       `json:"language"`
	Items    int          `json:"items"`
	Newest   *time.Time   `json:"newest"`
	Problem  string       `json:"problem"`
	Latest   []string     `json:"latest"` // titles of the first items
	Flagged  []flaggedDoc `json:"flagged"`
}

type flaggedDoc struct {
	Title   string   `json:"title"`
	Signals []string `json:"signals"`
}

func (v *visit) apiLook() error {
	var in struct {
		URL string `json:"url"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	if err := v.did("source.look", withoutPassword(in.URL), ""); err != nil {
		return err
	}
	found, err := v.Options.Sources.Look(v.r.Context(), in.URL)
	if err != nil {
		return err
	}
	out := []listingDoc{}
	for _, f := range found {
		d := listingDoc{f.URL, f.Kind, f.Title, f.Why, f.Language, f.Items, timed(f.Newest), f.Problem, append([]string{}, f.Latest...), []flaggedDoc{}}
		for _, item := range f.Flagged {
			one := flaggedDoc{item.Title, []string{}}
			for _, h := range item.Hits {
				one.Signals = append(one.Signals, h.Signal)
			}
			d.Flagged = append(d.Flagged, one)
		}
		out = append(out, d)
	}
	return v.send(http.StatusOK, map[string]any{"listings": out})
}

func (v *visit) apiAddSource() error {
	var in struct {
		Listing string `json:"listing"`
		Name    string `json:"name"`
		Country string `json:"country"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	if in.Country != "INT" && !slices.Contains(news.Countries, in.Country) {
		return problem(http.StatusUnprocessableEntity, "A source needs one of the countries, or INT.")
	}
	id, yaml, err := v.Options.Sources.Add(v.r.Context(), in.Listing, note(in.Name), in.Country)
	if err != nil {
		return err
	}
	if yaml == "" {
		if err := v.did("source.add", id, in.Listing); err != nil {
			return err
		}
	}
	return v.send(http.StatusCreated, map[string]any{"source": id, "yaml": yaml})
}

// apiSource polls, pauses or resumes a source.
func (v *visit) apiSource() error {
	do := v.r.PathValue("do")
	if !slices.Contains([]string{"poll", "pause", "resume"}, do) {
		return v.apiNothing()
	}
	s, err := v.source()
	if err != nil {
		return err
	}
	if do != "poll" {
		if err := v.pause(s, do == "pause"); err != nil {
			return err
		}
		return v.send(http.StatusOK, map[string]any{"source": s.ID, "paused": do == "pause"})
	}
	found, err := v.Options.Sources.Poll(v.r.Context(), s.ID)
	if err != nil {
		return err
	}
	if err := v.did("source.poll", s.ID, found); err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"source": s.ID, "found": found})
}

func (v *visit) apiSignals() error {
	if a := v.asked(); a.err != nil {
		return a.err
	}
	list, err := v.Rules.Signals(v.r.Context(), v.now.Add(-rulesSince))
	if err != nil {
		return err
	}
	out, missed := []ruleDoc{}, map[news.Theme]int{}
	for _, r := range list.Signals {
		out = append(out, ruleOf(r))
	}
	maps.Copy(missed, list.Misses)
	return v.send(http.StatusOK, map[string]any{"since": v.now.Add(-rulesSince).UTC(), "signals": out, "misses": missed})
}

// apiSignal gives a signal with its text, and where that stands.
func (v *visit) apiSignal() error {
	if a := v.asked(); a.err != nil {
		return a.err
	}
	s, err := v.Rules.Signal(v.r.Context(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"id": s.ID, "title": s.Title, "why": s.Why, "theme": s.Theme, "direction": s.Direction, "level": s.Level,
		"falsepositives": append([]string{}, s.FalsePositives...), "file": s.File.ID, "line": s.Line, "text": s.Text, "built_in": !s.File.Own})
}

// ruleVersionDoc is a version of the rules.
type ruleVersionDoc struct {
	Version string    `json:"version"`
	First   time.Time `json:"first"`
	By      string    `json:"by"` // empty: not from the desk
	On      string    `json:"on"`
	Changes string    `json:"changes"`
	Diff    string    `json:"diff"`
	Now     bool      `json:"now"`
}

func (v *visit) apiHistory() error {
	if a := v.asked(); a.err != nil {
		return a.err
	}
	lines, err := v.ruleVersions()
	if err != nil {
		return err
	}
	out := []ruleVersionDoc{}
	for _, l := range lines {
		out = append(out, ruleVersionDoc{l.Digest, l.First.UTC(), l.By, l.File, l.Changes, l.RuleVersion.Diff, l.Now})
	}
	return v.send(http.StatusOK, map[string]any{"versions": out})
}

func (v *visit) apiRuleFile() error {
	f, err := v.Rules.File(v.r.Context(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"id": f.ID, "path": f.Path, "text": f.Text, "base": f.Base, "built_in": !f.Own, "writable": f.Writable})
}

// ruleIn is a text of rules as it is sent.
type ruleIn struct {
	File string `json:"file"`
	Text string `json:"text"`
	Base string `json:"base"`
}

// faultDoc is what is wrong with a text of rules.
type faultDoc struct {
	Error   bool   `json:"error"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Name    string `json:"name,omitempty"`
	Message string `json:"message"`
}

// ruleSent reads a text of rules, and checks it.
func (v *visit) ruleSent(file string) (in ruleIn, f RuleFile, c Checked, err error) {
	if err = v.bodyOf(&in, ruleMost); err != nil {
		return in, f, c, err
	}
	if in.Text = ruleText(in.Text); !utf8.ValidString(in.Text) {
		return in, f, c, refusal(http.StatusUnprocessableEntity, "text: UTF-8 is expected")
	}
	if file != "" {
		in.File = file
	}
	if f, err = v.ruleFile(in.File); err != nil {
		if errors.Is(err, ErrFileName) {
			err = refusal(http.StatusUnprocessableEntity, "file: %s", err)
		}
		return in, f, c, err
	}
	c, err = v.Rules.Check(v.r.Context(), f.ID, in.Text)
	return in, f, c, err
}

// sendChecked says what is wrong with a text of rules, and how it differs from the
// file where that is known.
func (v *visit) sendChecked(status int, c Checked, patch ...string) error {
	faults := []faultDoc{}
	for _, f := range c.Faults {
		faults = append(faults, faultDoc{true, f.Line, f.Column, "", f.Msg})
	}
	for _, f := range c.Findings {
		faults = append(faults, faultDoc(f))
	}
	doc := map[string]any{"fine": c.Fine(), "tests": c.Tests, "passed": c.Passed, "faults": faults}
	if len(patch) > 0 {
		doc["patch"] = patch[0]
	}
	return v.send(status, doc)
}

func (v *visit) apiCheckRule() error {
	in, f, c, err := v.ruleSent("")
	if err != nil {
		return err
	}
	patch, err := v.Rules.Patch(v.r.Context(), f.ID, in.Text)
	if err != nil {
		return err
	}
	return v.sendChecked(http.StatusOK, c, patch)
}

// apiSaveRule writes a file of rules, as the editor does.
func (v *visit) apiSaveRule() error {
	in, f, c, err := v.ruleSent(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !c.Fine() {
		return v.sendChecked(http.StatusUnprocessableEntity, c)
	}
	version, err := v.Rules.Save(v.r.Context(), f.ID, in.Text, in.Base)
	var faults configs.Errors
	switch {
	case errors.As(err, &faults):
		return v.sendChecked(http.StatusUnprocessableEntity, Checked{Faults: faults})
	case errors.Is(err, ErrNoWriting):
		return refusal(http.StatusForbidden, "%s", err)
	case errors.Is(err, ErrStale):
		return refusal(http.StatusConflict, "%s; read it again, and send its base", err)
	case err != nil:
		return err
	}
	if err := v.did(ruleSaved, "rules "+f.Path, "version "+version); err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"version": version})
}

// triedDoc is a try of changed rules on stored articles.
type triedDoc struct {
	Test      string     `json:"test"`
	Done      bool       `json:"done"`
	Days      int        `json:"days"`
	Articles  int        `json:"articles"` // read so far
	Problem   string     `json:"problem,omitempty"`
	Before    int        `json:"before"` // hits
	After     int        `json:"after"`
	Lost      int        `json:"lost"`
	Relevant  int        `json:"lost_relevant"` // of the lost
	Not       int        `json:"lost_irrelevant"`
	Gained    int        `json:"gained"`
	LostHits  []triedHit `json:"lost_hits"` // the first of them
	GainedHit []triedHit `json:"gained_hits"`
}

// triedHit is a hit that one of both rules has alone.
type triedHit struct {
	Hit     hitDoc     `json:"hit"`
	Article articleDoc `json:"article"`
	Others  []string   `json:"others"` // signals of the theme that the article has without it
}

// apiTryRule begins to read the stored articles of 30 days with a text of rules.
func (v *visit) apiTryRule() error {
	in, f, c, err := v.ruleSent("")
	if err != nil {
		return err
	}
	if len(c.Faults) > 0 {
		return v.sendChecked(http.StatusUnprocessableEntity, c)
	}
	id, err := v.tests.begin(v.Desk, v.user.ID, editView{File: f, Text: in.Text})
	if err != nil {
		return err
	}
	return v.send(http.StatusAccepted, map[string]any{"test": id})
}

// apiTried says how far a try is, or what it found.
func (v *visit) apiTried() error {
	job := v.tests.find(v.r.PathValue("id"), v.user.ID)
	if job == nil {
		return refusal(http.StatusNotFound, "This try is no longer kept. Try the text again.")
	}
	t := v.testView(job)
	b := t.Backtest
	d := triedDoc{Test: job.id, Done: !t.Waits, Days: t.Days, Articles: t.Articles, Problem: t.Problem, Before: b.Before, After: b.After,
		Lost: b.LostCount, Relevant: b.LostRelevant, Not: b.LostNot, Gained: b.GainedCount, LostHits: v.triedHits(b.Lost), GainedHit: v.triedHits(b.Gained)}
	return v.send(http.StatusOK, d)
}

func (v *visit) triedHits(hits []BacktestHit) []triedHit {
	out := []triedHit{}
	for _, h := range hits {
		one := triedHit{hitOf(h.Hit), v.articleOf(h.Article), append([]string{}, h.Others...)}
		if h.Verdict != nil {
			one.Hit.Verdicts = append(one.Hit.Verdicts, verdictOf(*h.Verdict))
		}
		out = append(out, one)
	}
	return out
}

// apiOPML gives the feeds as OPML.
func (v *visit) apiOPML() error {
	if a := v.asked(); a.err != nil {
		return a.err
	}
	var b strings.Builder
	if err := v.Options.Sources.WriteOPML(&b); err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"opml": b.String()})
}

// apiAddOPML adds the feeds of a list.
func (v *visit) apiAddOPML() error {
	var in struct {
		OPML string `json:"opml"`
	}
	if err := v.bodyOf(&in, maxBody); err != nil {
		return err
	}
	added, known, yaml, err := v.importOPML([]byte(in.OPML))
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"added": added, "known": known, "yaml": yaml})
}

// apiDelivery gives a delivery with its message.
func (v *visit) apiDelivery() error {
	if a := v.asked(); a.err != nil {
		return a.err
	}
	view, err := v.deliveryView()
	if err != nil {
		return err
	}
	names := []int64{}
	for _, n := range view.Names {
		names = append(names, n.Delivery.ID)
	}
	return v.send(http.StatusOK, struct {
		deliveryDoc
		Names []int64 `json:"names"` // the deliveries that it names
		Text  string  `json:"text"`  // as a person reads it
		Type  string  `json:"type"`  // media type of the message
		Body  string  `json:"message"`
	}{deliveryOf(view.Row.DeliveryLine), names, cmp.Or(view.Message.Read, view.Message.Text), view.Message.Type, view.Message.Text})
}

func (v *visit) apiAudit() error {
	a := v.asked("by", "did", "before", "limit")
	f := news.AuditFilter{By: a.q.Get("by"), Did: a.q.Get("did"), Before: int64(a.number("before", 0, 1<<62)), Limit: max(1, a.number("limit", 50, apiMost))}
	if a.err != nil {
		return a.err
	}
	entries, err := v.People.Audit(v.r.Context(), f)
	if err != nil {
		return err
	}
	out := []auditDoc{}
	for _, e := range entries {
		out = append(out, auditOf(e))
	}
	return v.send(http.StatusOK, map[string]any{"entries": out})
}
