package review

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"driftwatch/news"
)

// Data is what the API tells beside what the pages show.
type Data interface {
	// HitList gives the hits that stand and pass the filter, the latest first.
	HitList(ctx context.Context, f HitFilter) ([]HitLine, error)
	// SourceList gives the configured sources with what is known of them.
	SourceList(ctx context.Context) ([]SourceLine, error)
	// DriftWeeks gives what is added up of countries, week by week.
	DriftWeeks(ctx context.Context, countries []string, themes []news.Theme, since time.Time) ([]ToldWeek, error)
}

// HitFilter chooses hits; what is left zero chooses all.
type HitFilter struct {
	Themes    []news.Theme
	Countries []string
	Since     time.Time
	Until     time.Time // found in [Since, Until)
	Unjudged  bool
	Limit     int
}

// HitLine is a hit with its article and the verdict that stands.
type HitLine struct {
	Hit     news.Hit
	Article news.Article
	Verdict *news.Verdict
}

// SourceLine is a source as the API tells it.
type SourceLine struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Country   string     `json:"country"`
	Languages []string   `json:"languages"`
	Kind      string     `json:"kind"`
	URL       string     `json:"url"`
	Enabled   bool       `json:"enabled"`
	LastPoll  *time.Time `json:"last_poll"`
	LastGood  *time.Time `json:"last_success"`
	NextPoll  *time.Time `json:"next_poll"`
	Failures  int        `json:"failures"`
	Problem   string     `json:"problem"`
	Gone      bool       `json:"gone"`
}

// ToldWeek is one week of a country as the API tells it.
type ToldWeek struct {
	Country  string      `json:"country"`
	Week     string      `json:"week"` // 2031-W35
	Monday   time.Time   `json:"monday"`
	Apart    ToldSum     `json:"apart"`
	Closer   ToldSum     `json:"closer"`
	Pressure ToldSum     `json:"pressure"`
	Themes   []ToldTheme `json:"themes"`
	Coverage *float64    `json:"coverage"` // share of the sources that were read; null: not known
	Poor     bool        `json:"poor_coverage"`
	Notes    []string    `json:"notes"`
}

// ToldTheme is what one theme adds to a week.
type ToldTheme struct {
	Theme    news.Theme `json:"theme"`
	Apart    ToldSum    `json:"apart"`
	Closer   ToldSum    `json:"closer"`
	Pressure ToldSum    `json:"pressure"`
}

// ToldSum is what adds up in one direction.
type ToldSum struct {
	Weight   float64 `json:"weight"`
	Unjudged float64 `json:"unjudged"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Stories  []int64 `json:"stories"`
}

// identifyCaller finds out whose token comes with a request, and keeps the pace.
// A request that a page of another site makes is refused, whatever it is: the API
// is for programs.
func (v *visit) identifyCaller() error {
	if site := v.r.Header.Get("Sec-Fetch-Site"); v.r.Header.Get("Origin") != "" || site != "" && site != "none" && site != "same-origin" {
		return refusal(http.StatusForbidden, "The API doesn't answer to pages of other sites.")
	}
	kind, token, _ := strings.Cut(v.r.Header.Get("Authorization"), " ")
	var t news.Token
	if strings.EqualFold(kind, "Bearer") && strings.HasPrefix(token, tokenPrefix) && len(token) < 100 {
		var err error
		if t, err = v.People.TokenHashed(v.r.Context(), hashToken(token)); err != nil && !v.Missing(err) {
			return err
		}
	}
	if t.ID == 0 || !t.Works(v.now) {
		return v.stranger()
	}
	if err := v.paced(fmt.Sprintf("token %d", t.ID)); err != nil {
		return err
	}
	u, err := v.People.User(v.r.Context(), t.User)
	if err != nil && !v.Missing(err) {
		return err
	}
	if err != nil || u.Disabled {
		return v.stranger()
	}
	v.user, v.token, v.lang, v.zone = u, t, "en", time.UTC
	return nil
}

func (v *visit) stranger() error {
	if err := v.paced("from " + v.from); err != nil {
		return err
	}
	v.w.Header().Set("WWW-Authenticate", `Bearer realm="driftwatch"`)
	return refusal(http.StatusUnauthorized, "Send a token that works: Authorization: Bearer dwt_…")
}

// paced turns away who asks too often.
func (v *visit) paced(who string) error {
	if wait := v.callers.wait(who, v.now); wait > 0 {
		v.w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		return refusal(http.StatusTooManyRequests, "Too many requests: %d in a row, then %d a second.", callsBurst, callsSecond)
	}
	return nil
}

// scoped reports what keeps a token from an address: its scope, or the role of
// its user, of whom some addresses ask for more than the scope does.
func (v *visit) scoped(least news.Scope, role news.Role) error {
	switch {
	case !v.token.Scope.May(least):
		return refusal(http.StatusForbidden, "The token's scope doesn't allow this.")
	case !v.user.Role.May(least.Role()) || role != "" && !v.user.Role.May(role):
		return refusal(http.StatusForbidden, "The role of the token's user doesn't allow this.")
	}
	return nil
}

// refusal is a fault that programs read, in English whatever their user speaks.
func refusal(status int, says string, args ...any) error { return &fault{status, says, args} }

// refuse answers a request of the API that failed.
func (v *visit) refuse(f *fault) {
	v.send(f.status, map[string]any{"error": map[string]any{"status": f.status, "message": f.Error()}})
}

func (v *visit) send(status int, doc any) error {
	v.w.Header().Set("Content-Type", "application/json")
	v.w.WriteHeader(status)
	return json.NewEncoder(v.w).Encode(doc)
}

func (v *visit) apiNothing() error {
	return refusal(http.StatusNotFound, "There is nothing at this address for this method; see docs/api.md.")
}

// apiMost is how many entries an answer has at most, apiBody how many bytes of a
// body are read.
const (
	apiMost = 500
	apiBody = 64 << 10
)

// asked reads the parameters of an address, which must be known ones.
type asked struct {
	q   url.Values
	err error
}

func (v *visit) asked(known ...string) *asked { return askedIn(v.r.URL.RawQuery, known...) }

// askedIn reads the parameters of the part of an address behind the question mark.
func askedIn(query string, known ...string) *asked {
	q, err := url.ParseQuery(query)
	a := &asked{q: q}
	if err != nil {
		a.bad("the address", "can't be read")
	}
	for key := range q {
		if !slices.Contains(known, key) {
			a.bad(key, "isn't known here; there are: "+strings.Join(known, ", "))
		}
	}
	return a
}

func (a *asked) bad(key, why string) {
	if a.err == nil {
		a.err = refusal(http.StatusBadRequest, "%s: %s", key, why)
	}
}

func (a *asked) number(key string, otherwise, most int) int {
	s := a.q.Get(key)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > most {
		a.bad(key, fmt.Sprintf("a number from 0 to %d is expected", most))
	}
	return n
}

func (a *asked) time(key string) time.Time {
	s := a.q.Get(key)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		if t, err = time.Parse(time.DateOnly, s); err != nil {
			a.bad(key, "a day or an RFC 3339 time is expected")
		}
	}
	return t
}

func (a *asked) among(key string, values []string) []string {
	for _, s := range a.q[key] {
		if !slices.Contains(values, s) {
			a.bad(key, "one of "+strings.Join(values, ", ")+" is expected")
		}
	}
	return a.q[key]
}

func (a *asked) themes() []news.Theme {
	var out []news.Theme
	for _, s := range some(a.q["theme"], 200, 100) {
		out = append(out, news.Theme(s))
	}
	return out
}

// storyDoc is a story as the API tells it.
type storyDoc struct {
	exported
	URL string `json:"url"` // of its page, a path of the desk
}

// inboxAsked reads a filter of the inbox, and further parameters.
func inboxAsked(query string, more ...string) *asked {
	known := append([]string{"state", "q", "sort"}, more...)
	for _, f := range news.Facets {
		known = append(known, string(f))
	}
	a := askedIn(query, known...)
	a.among("state", []string{string(news.WaitingVerdict), string(news.WaitingNothing), string(news.WaitingUnsure), string(news.WaitingDiffer), string(news.WaitingAny)})
	a.among("sort", []string{string(news.InboxNewest), string(news.InboxOldest), string(news.InboxLevel)})
	return a
}

// apiStories gives a page of the inbox.
func (v *visit) apiStories() error {
	a := inboxAsked(v.r.URL.RawQuery, "skip", "limit")
	limit, skip := a.number("limit", 50, apiMost), a.number("skip", 0, 1<<30)
	if a.err != nil {
		return a.err
	}
	f := inboxFilter(a.q)
	f.Limit, f.Skip = limit, skip
	box, err := v.Stories.Inbox(v.r.Context(), f)
	if err != nil {
		return err
	}
	rows, err := v.rows(box.Stories)
	if err != nil {
		return err
	}
	out := []storyDoc{}
	for _, r := range rows {
		out = append(out, storyDoc{v.exported(r), fmt.Sprintf("/stories/%d", r.ID)})
	}
	return v.send(http.StatusOK, map[string]any{"total": box.Total, "stories": out})
}

// articleDoc is an article of a story.
type articleDoc struct {
	ID        int64      `json:"id"`
	Source    string     `json:"source"`
	Outlet    string     `json:"outlet"`
	Title     string     `json:"title"`
	Language  string     `json:"language"`
	URL       string     `json:"url"`
	Published *time.Time `json:"published"`
	Seen      time.Time  `json:"seen"`
	Revision  int        `json:"revision"`
	Section   string     `json:"section,omitempty"` // of the outlet
}

func (v *visit) articleOf(a news.Article) articleDoc {
	return articleDoc{a.ID, a.Source, v.outlet(a.Source), a.Title, a.Lang, a.URL, timed(a.Published), a.Seen.UTC(), a.Revision, a.Section}
}

// hitDoc is a hit as the API tells it.
type hitDoc struct {
	ID         int64          `json:"id"`
	Story      int64          `json:"story"`
	Article    int64          `json:"article"`
	Revision   int            `json:"revision"`
	Theme      news.Theme     `json:"theme"`
	Signal     string         `json:"signal"`
	Title      string         `json:"title"`
	Why        string         `json:"why"`
	Level      int            `json:"level"`
	Direction  news.Direction `json:"direction"`
	Status     news.Status    `json:"status"`
	Countries  []string       `json:"countries"`
	Score      float64        `json:"score"`
	Background bool           `json:"background"`
	Quiet      string         `json:"quiet"`
	Found      time.Time      `json:"found"`
	Evidence   []evidenceDoc  `json:"evidence"`
	Verdicts   []verdictDoc   `json:"verdicts"`
}

type evidenceDoc struct {
	Field    string    `json:"field"`
	Start    int       `json:"start"` // bytes of the field
	End      int       `json:"end"`
	Sentence string    `json:"sentence"`
	Offset   int       `json:"sentence_start"`
	Words    []spanDoc `json:"words"`
}

type spanDoc struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Leg   string `json:"leg"`
}

type verdictDoc struct {
	Says  news.Judgement `json:"says"`
	By    string         `json:"by"`
	Note  string         `json:"note"`
	Given time.Time      `json:"given"`
}

func hitOf(h news.Hit) hitDoc {
	d := hitDoc{h.ID, h.Story, h.Article, h.Revision, h.Theme, h.Signal, h.Title, h.Why, h.Level, h.Direction, h.Status, append([]string{}, h.Countries...),
		h.Score, h.Background, h.Quiet, h.Found.UTC(), []evidenceDoc{}, []verdictDoc{}}
	for _, e := range h.Evidence {
		one := evidenceDoc{e.Field, e.Start, e.End, e.Sentence, e.SentenceStart, []spanDoc{}}
		for _, w := range e.Words {
			one.Words = append(one.Words, spanDoc(w))
		}
		d.Evidence = append(d.Evidence, one)
	}
	return d
}

func verdictOf(j news.Verdict) verdictDoc { return verdictDoc{j.Says, j.By, j.Note, j.Given.UTC()} }

// apiStory gives a story with its articles, hits and notes.
func (v *visit) apiStory() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	if a := v.asked(); a.err != nil {
		return a.err
	}
	files, err := v.Stories.StoryFiles(v.r.Context(), []int64{id})
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return refusal(http.StatusNotFound, "There is no such story.")
	}
	f := files[0]
	articles, hits, notes := []articleDoc{}, []hitDoc{}, []map[string]any{}
	for _, a := range f.Articles {
		articles = append(articles, v.articleOf(a))
	}
	for _, h := range f.Hits {
		d := hitOf(h.Hit)
		for _, s := range h.Verdicts {
			d.Verdicts = append(d.Verdicts, verdictOf(s.Verdict))
		}
		hits = append(hits, d)
	}
	remarks, err := v.Stories.Remarks(v.r.Context(), f.Story.ID)
	if err != nil {
		return err
	}
	named, err := v.namedIn(f.Hits)
	if err != nil {
		return err
	}
	for _, r := range remarks {
		notes = append(notes, map[string]any{"by": r.By, "text": r.Text, "given": r.Given.UTC()})
	}
	return v.send(http.StatusOK, map[string]any{
		"id": f.Story.ID, "title": f.Story.Title, "direction": news.DirectionOf(f.Hits), "acts": append([]news.Act{}, news.Acts(f.Hits)...),
		"articles": articles, "hits": hits, "named": named, "notes": notes,
	})
}

func (v *visit) apiHits() error {
	a := v.asked("theme", "country", "since", "until", "unjudged", "limit")
	f := HitFilter{Themes: a.themes(), Countries: a.among("country", news.Countries), Since: a.time("since"), Until: a.time("until"), Limit: a.number("limit", 50, apiMost)}
	if len(a.among("unjudged", []string{"true", "false"})) > 0 {
		f.Unjudged = a.q.Get("unjudged") == "true"
	}
	if a.err != nil {
		return a.err
	}
	if f.Limit == 0 {
		f.Limit = 1
	}
	rows, err := v.Data.HitList(v.r.Context(), f)
	if err != nil {
		return err
	}
	out := []map[string]any{}
	for _, r := range rows {
		d := hitOf(r.Hit)
		if r.Verdict != nil {
			d.Verdicts = append(d.Verdicts, verdictOf(*r.Verdict))
		}
		out = append(out, map[string]any{"hit": d, "article": v.articleOf(r.Article)})
	}
	return v.send(http.StatusOK, map[string]any{"hits": out})
}

// judged is a verdict as it is posted.
type judged struct {
	Story int64          `json:"story"`
	Hit   int64          `json:"hit"`
	Says  news.Judgement `json:"says"`
	Note  string         `json:"note"`
}

// body reads one JSON value of a known form.
func (v *visit) body(out any) error { return v.bodyOf(out, apiBody) }

// bodyOf reads one that may have so many bytes.
func (v *visit) bodyOf(out any, most int64) error {
	if kind, _, _ := strings.Cut(v.r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		return refusal(http.StatusUnsupportedMediaType, "Send the body as application/json.")
	}
	d := json.NewDecoder(http.MaxBytesReader(v.w, v.r.Body, most))
	d.DisallowUnknownFields()
	err := d.Decode(out)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("more than one value")
		}
	}
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return refusal(http.StatusRequestEntityTooLarge, "That is more than the desk takes at once.")
	}
	if err != nil {
		return refusal(http.StatusBadRequest, "The body can't be read: %s", err)
	}
	return nil
}

// apiJudge takes a verdict on a story or on a hit.
func (v *visit) apiJudge() error {
	var j judged
	if err := v.body(&j); err != nil {
		return err
	}
	switch {
	case !slices.Contains([]news.Judgement{news.Relevant, news.Irrelevant, news.Unsure}, j.Says):
		return refusal(http.StatusUnprocessableEntity, "says: relevant, irrelevant or unsure is expected")
	case (j.Story > 0) == (j.Hit > 0):
		return refusal(http.StatusUnprocessableEntity, "Give either story or hit.")
	case len(j.Note) > 5000:
		return refusal(http.StatusUnprocessableEntity, "note: up to 5,000 bytes are taken")
	}
	verdict := news.Verdict{Hit: j.Hit, Says: j.Says, By: v.user.Name, Note: strings.TrimSpace(j.Note), Given: v.now}
	var act int64
	var err error
	on := fmt.Sprintf("hit %d", j.Hit)
	if j.Story > 0 {
		on = fmt.Sprintf("story %d", j.Story)
		act, err = v.Stories.JudgeStories(v.r.Context(), []int64{j.Story}, verdict)
	} else {
		act, err = v.Stories.JudgeHit(v.r.Context(), verdict)
	}
	if v.Missing(err) {
		return refusal(http.StatusNotFound, "There is no such story or hit.")
	}
	if err != nil {
		return err
	}
	v.feed.kick()
	if err := v.did("judge", on, string(j.Says)); err != nil {
		return err
	}
	return v.send(http.StatusCreated, map[string]any{"act": act})
}

func (v *visit) apiSources() error {
	if a := v.asked(); a.err != nil {
		return a.err
	}
	out, err := v.Data.SourceList(v.r.Context())
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"sources": append([]SourceLine{}, out...)})
}

func (v *visit) apiDrift() error {
	a := v.asked("country", "theme", "since")
	countries, themes, since := a.among("country", news.Countries), a.themes(), a.time("since")
	if a.err != nil {
		return a.err
	}
	if since.IsZero() {
		since = v.now.AddDate(0, 0, -7*26)
	}
	out, err := v.Data.DriftWeeks(v.r.Context(), countries, themes, since)
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"weeks": append([]ToldWeek{}, out...)})
}

func (v *visit) apiDeliveries() error {
	a := v.asked("state", "channel", "route", "story", "before", "limit")
	states := make([]string, len(deliveryStates))
	for i, s := range deliveryStates {
		states[i] = string(s)
	}
	a.among("state", states)
	limit := a.number("limit", 50, apiMost)
	a.number("story", 0, 1<<62)
	a.number("before", 0, 1<<62)
	if a.err != nil {
		return a.err
	}
	f := deliveryFilter(a.q)
	f.Limit = max(limit, 1)
	rows, err := v.Outbox.DeliveryList(v.r.Context(), f)
	if err != nil {
		return err
	}
	out := []deliveryDoc{}
	for _, r := range rows {
		out = append(out, deliveryOf(r))
	}
	return v.send(http.StatusOK, map[string]any{"deliveries": out})
}
