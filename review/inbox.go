package review

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"driftwatch/news"
)

// inboxShown is how many stories a page of the inbox has.
const inboxShown = 50

// inboxView is what the inbox shows.
type inboxView struct {
	Total   int
	Views   []viewLine // ready ones and the visitor's own
	Query   string     // of this page, to be saved as a view
	State   news.Waiting
	Filter  news.InboxFilter
	Facets  []facetView
	Sort    []choice
	Rows    []storyRow
	From    int
	To      int
	Before  string // the address of the page before; empty: none
	After   string
	Export  string
	Unsure  int
	Drops   []drop // what to leave out where nothing matches
	Named   string // the filter in words
	Now     int64  // the moment of the page, for what changes later
	Judges  bool
	Failing int
	Flagged bool // something was, at any time
	Toast   toast
	inboxCounts
}

type judgeCount struct {
	Name string
	N    int
}

// viewLine is a view above the list.
type viewLine struct {
	ID         string // of its count in the page; empty: it is an own view
	Name, Path string
	N          int
	Here       bool
	Remove     string // the address that removes it; empty: it is no own view
}

// facetView is one facet of the filter.
type facetView struct {
	Facet  news.Facet
	Name   string
	Chosen string // what is chosen, in words
	Values []choice
	Inline bool // it stands in the row itself
}

// choice is a value that can be chosen.
type choice struct {
	Value, Name string
	N           int
	On          bool
}

// drop is the filter without one of its facets.
type drop struct {
	Name, Path string
	N          int
}

// toast says what was done last, and how to undo it.
type toast struct {
	Says    string
	Act     int64 // the verdicts to take back; 0: none
	Silence int64 // the silence to end; 0: none
	Story   int64 // that it is for
	Back    string
}

// chosen are the values of facets in an address, but for a facet that is to be
// cleared; of each at most so many.
func chosen[F ~string](q url.Values, facets []F, most int) map[F][]string {
	out := map[F][]string{}
	for _, facet := range facets {
		if q.Get("clear") == string(facet) {
			continue
		}
		if values := some(q[string(facet)], 100, most); values != nil {
			out[facet] = values
		}
	}
	return out
}

// skipped is how many rows of a list an address skips.
func skipped(q url.Values) int {
	n, err := strconv.Atoi(q.Get("skip"))
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// some are the values that are set and shorter than so many bytes, at most so many
// of them.
func some(values []string, shorter, most int) []string {
	var out []string
	for _, v := range values {
		if v != "" && len(v) < shorter && len(out) < most {
			out = append(out, v)
		}
	}
	return out
}

// inboxFilter reads the filter from an address.
func inboxFilter(q url.Values) news.InboxFilter {
	f := news.InboxFilter{State: news.Waiting(q.Get("state")), Contains: strings.TrimSpace(q.Get("q")), Order: news.InboxOrder(q.Get("sort")),
		Facets: chosen(q, news.Facets, 100), Limit: inboxShown, Skip: skipped(q)}
	if !slices.Contains([]news.Waiting{news.WaitingNothing, news.WaitingUnsure, news.WaitingDiffer, news.WaitingAny}, f.State) {
		f.State = news.WaitingVerdict
	}
	if f.Order != news.InboxLevel && f.Order != news.InboxOldest {
		f.Order = news.InboxNewest
	}
	return f
}

// inboxQuery is a filter as the part of an address behind the question mark.
func inboxQuery(f news.InboxFilter, skip int) string {
	q := url.Values{}
	if f.State != news.WaitingVerdict {
		q.Set("state", string(f.State))
	}
	if f.Contains != "" {
		q.Set("q", f.Contains)
	}
	if f.Order != news.InboxNewest {
		q.Set("sort", string(f.Order))
	}
	for facet, values := range f.Facets {
		for _, v := range values {
			q.Add(string(facet), v)
		}
	}
	if skip > 0 {
		q.Set("skip", strconv.Itoa(skip))
	}
	return q.Encode()
}

func inboxPath(f news.InboxFilter, skip int) string {
	return addressOf("/inbox", inboxQuery(f, skip))
}

func (v *visit) inboxPage() error {
	if reads, err := v.stillReading(v.InboxRead, "inbox"); reads {
		return err
	}
	f := inboxFilter(v.r.URL.Query())
	ctx := v.r.Context()
	_, now, err := v.Stories.StoryChanges(ctx, -1)
	if err != nil {
		return err
	}
	box, err := v.Stories.Inbox(ctx, f)
	if err != nil {
		return err
	}
	if f.Skip > 0 && f.Skip >= box.Total {
		return v.to(inboxPath(f, 0))
	}
	view := &inboxView{Total: box.Total, State: f.State, Filter: f, Query: inboxQuery(f, 0), Now: now,
		Unsure: box.States[news.WaitingUnsure], Judges: v.user.Role.May(news.RoleAnalyst)}
	if view.Rows, err = v.rows(box.Stories); err != nil {
		return err
	}
	if len(view.Rows) > 0 {
		view.Rows[0].Now = true
	}
	view.From, view.To = min(f.Skip+1, box.Total), f.Skip+len(view.Rows)
	if f.Skip > 0 {
		view.Before = inboxPath(f, max(0, f.Skip-inboxShown))
	}
	if view.To < box.Total {
		view.After = inboxPath(f, f.Skip+inboxShown)
	}
	view.Export = addressOf("/inbox/export", inboxQuery(f, 0))
	view.Facets = v.facets(f, box)
	view.Sort = []choice{
		{Value: "", Name: v.t("newest"), On: f.Order == news.InboxNewest},
		{Value: string(news.InboxLevel), Name: v.t("level, then newest"), On: f.Order == news.InboxLevel},
		{Value: string(news.InboxOldest), Name: v.t("oldest"), On: f.Order == news.InboxOldest},
	}
	if view.inboxCounts, err = v.inboxCounts(box); err != nil {
		return err
	}
	if view.Views, err = v.views(f, view.Ready); err != nil {
		return err
	}
	if act, err := strconv.ParseInt(v.r.URL.Query().Get("act"), 10, 64); err == nil && act > 0 {
		view.Toast = toast{Says: v.t("Judged."), Act: act, Back: inboxPath(f, f.Skip)}
		if n, err := strconv.Atoi(v.r.URL.Query().Get("differ")); err == nil && n > 0 {
			view.Toast.Says = v.t("Judged.") + " " + count(v.lang, "Of %d somebody says something else; both are kept, under “Verdicts that differ”.|Of %d others say something else; both are kept, under “Verdicts that differ”.", n)
		}
	}
	if t, err := v.silencedToast(inboxPath(f, f.Skip)); err != nil {
		return err
	} else if t.Says != "" {
		view.Toast = t
	}
	for _, n := range box.States {
		view.Flagged = view.Flagged || n > 0
	}
	if box.Total == 0 {
		if err := v.nothing(view, f); err != nil {
			return err
		}
	}
	return v.render(http.StatusOK, "inbox", view)
}

// inboxCounts are the counts above the list, which each verdict changes.
type inboxCounts struct {
	Waits  int
	Ready  []viewLine   // the ready views
	Mine   int          // judged today by the visitor
	Others []judgeCount // and by others
}

// readyViews are those that everybody has.
var readyViews = []struct {
	state news.Waiting
	name  string
}{{news.WaitingVerdict, "All waiting"}, {news.WaitingUnsure, "Left unsure"}, {news.WaitingDiffer, "Verdicts that differ"}, {news.WaitingNothing, "Judged"}}

// inboxCounts counts what waits, and what was judged since midnight in the visitor's
// zone.
func (v *visit) inboxCounts(box news.Inbox) (c inboxCounts, err error) {
	c.Waits = box.States[news.WaitingVerdict]
	for _, r := range readyViews {
		c.Ready = append(c.Ready, viewLine{ID: "n-" + string(r.state), Name: v.t(r.name), N: box.States[r.state],
			Path: inboxPath(news.InboxFilter{State: r.state, Order: news.InboxNewest}, 0)})
	}
	y, m, d := v.now.In(v.zone).Date()
	counts, err := v.Stories.JudgedSince(v.r.Context(), time.Date(y, m, d, 0, 0, 0, 0, v.zone))
	if err != nil {
		return c, err
	}
	for name, n := range counts {
		if name == v.user.Name {
			c.Mine = n
		} else if name != "" {
			c.Others = append(c.Others, judgeCount{name, n})
		}
	}
	slices.SortFunc(c.Others, func(a, b judgeCount) int { return strings.Compare(a.Name, b.Name) })
	return c, nil
}

// nothing says why a list is empty, and which part of the filter to drop.
func (v *visit) nothing(view *inboxView, f news.InboxFilter) error {
	if p := v.pulse(); p != nil {
		view.Failing = p.Failing
	}
	var named []string
	for _, facet := range v.sides(f) {
		named = append(named, facet.Chosen)
		without := f
		without.Facets = map[news.Facet][]string{}
		for k, values := range f.Facets {
			if k != facet.Facet {
				without.Facets[k] = values
			}
		}
		without.Limit = 0
		box, err := v.Stories.Inbox(v.r.Context(), without)
		if err != nil {
			return err
		}
		if box.Total > 0 {
			view.Drops = append(view.Drops, drop{facet.Chosen, inboxPath(without, 0), box.Total})
		}
	}
	if f.Contains != "" {
		named = append(named, "“"+f.Contains+"”")
		without := f
		without.Contains, without.Limit = "", 0
		box, err := v.Stories.Inbox(v.r.Context(), without)
		if err != nil {
			return err
		}
		if box.Total > 0 {
			view.Drops = append(view.Drops, drop{f.Contains, inboxPath(without, 0), box.Total})
		}
	}
	view.Named = strings.Join(named, ", ")
	return nil
}

// sides are the facets that the filter asks for, in words.
func (v *visit) sides(f news.InboxFilter) []facetView {
	var out []facetView
	for _, facet := range news.Facets {
		if values := f.Facets[facet]; len(values) > 0 {
			var names []string
			for _, value := range values {
				names = append(names, v.valueName(facet, value))
			}
			out = append(out, facetView{Facet: facet, Chosen: strings.Join(names, ", ")})
		}
	}
	return out
}

// valueName is a facet's value for people.
func (v *visit) valueName(facet news.Facet, value string) string {
	switch facet {
	case news.FacetTheme:
		return themeName(v.lang, news.Theme(value))
	case news.FacetCountry:
		return value
	case news.FacetLevel:
		return v.t("level %s", value)
	case news.FacetLanguage:
		if name, ok := languageNames[value]; ok {
			return v.t(name)
		}
		return value
	case news.FacetOutlet:
		return v.outlet(value)
	case news.FacetStatus:
		if value == "" {
			return v.t("not known")
		}
	}
	return v.t(value)
}

// outlet is a source's name.
func (v *visit) outlet(id string) string {
	if name := v.Outlets()[id]; name != "" {
		return name
	}
	return id
}

var facetNames = map[news.Facet]string{
	news.FacetTheme: "Theme", news.FacetCountry: "Country", news.FacetLevel: "Level", news.FacetDirection: "Direction",
	news.FacetStatus: "Status", news.FacetLanguage: "Language", news.FacetOutlet: "Outlet",
}

// fixedValues are those of facets that are always shown in one order.
var fixedValues = map[news.Facet][]string{
	news.FacetCountry:   news.Countries,
	news.FacetLevel:     {"5", "4", "3", "2", "1"},
	news.FacetDirection: {string(news.Apart), string(news.Closer), string(news.Mixed), string(news.Contested), string(news.None)},
	news.FacetStatus: {string(news.StatusHappened), string(news.StatusDecided), string(news.StatusAnnounced), string(news.StatusProposed),
		string(news.StatusDemanded), string(news.StatusOpinion), string(news.StatusDenied)},
}

// facetOrder is how the filter shows the facets.
var facetOrder = []news.Facet{news.FacetCountry, news.FacetTheme, news.FacetDirection, news.FacetLevel, news.FacetStatus, news.FacetLanguage, news.FacetOutlet}

// facetMost is how many values of a facet are offered, those with the most stories.
const facetMost = 40

// facets are the filter's parts with their counts.
func (v *visit) facets(f news.InboxFilter, box news.Inbox) []facetView {
	var out []facetView
	for _, facet := range facetOrder {
		view := facetView{Facet: facet, Name: v.t(facetNames[facet]), Inline: facet == news.FacetCountry}
		values := slices.Clone(fixedValues[facet])
		var more []string
		for value := range box.Counts[facet] {
			if value != "" && !slices.Contains(values, value) {
				more = append(more, value)
			}
		}
		slices.SortFunc(more, func(a, b string) int {
			if n := box.Counts[facet][b] - box.Counts[facet][a]; n != 0 {
				return n
			}
			return strings.Compare(a, b)
		})
		values = append(values, more[:min(len(more), facetMost)]...)
		for _, chosen := range f.Facets[facet] {
			if !slices.Contains(values, chosen) {
				values = append(values, chosen)
			}
		}
		var chosen []string
		for _, value := range values {
			c := choice{Value: value, Name: v.valueName(facet, value), N: box.Counts[facet][value], On: slices.Contains(f.Facets[facet], value)}
			if c.On {
				chosen = append(chosen, c.Name)
			}
			view.Values = append(view.Values, c)
		}
		if view.Chosen = strings.Join(chosen, ", "); len(chosen) > 2 {
			view.Chosen = fmt.Sprintf("%s +%d", chosen[0], len(chosen)-1)
		}
		out = append(out, view)
	}
	return out
}

// views are the ready views and the visitor's own, with their counts.
func (v *visit) views(f news.InboxFilter, ready []viewLine) ([]viewLine, error) {
	here := inboxQuery(f, 0)
	out := slices.Clone(ready)
	for i := range out {
		out[i].Here = inboxPath(f, 0) == out[i].Path
	}
	saved, err := v.People.SavedViews(v.r.Context(), v.user.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range saved {
		q, err := url.ParseQuery(s.Query)
		if err != nil {
			continue
		}
		own := inboxFilter(q)
		own.Limit = 0
		found, err := v.Stories.Inbox(v.r.Context(), own)
		if err != nil {
			return nil, err
		}
		out = append(out, viewLine{Name: s.Name, Path: inboxPath(own, 0), N: found.Total, Here: here == inboxQuery(own, 0),
			Remove: fmt.Sprintf("/inbox/views/%d/remove", s.ID)})
	}
	return out, nil
}

// viewsMost is how many views a user may save.
const viewsMost = 50

func (v *visit) saveView() error {
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	q, err := url.ParseQuery(v.r.PostForm.Get("query"))
	if err != nil {
		return problem(http.StatusUnprocessableEntity, "There is no such page.")
	}
	f := inboxFilter(q)
	if _, err := v.keepView(v.r.PostForm.Get("name"), f); err != nil {
		return err
	}
	return v.to(inboxPath(f, 0))
}

// keepView saves a filter under a name, in the place of one of that name.
func (v *visit) keepView(name string, f news.InboxFilter) (id int64, err error) {
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "�")), " ")
	if name == "" || utf8.RuneCountInString(name) > 60 {
		return 0, problem(http.StatusUnprocessableEntity, "A view needs a name of up to 60 characters.")
	}
	named := func(s news.SavedView) bool { return s.Name == name }
	saved, err := v.People.SavedViews(v.r.Context(), v.user.ID)
	if err != nil {
		return 0, err
	}
	if len(saved) >= viewsMost && !slices.ContainsFunc(saved, named) {
		return 0, problem(http.StatusUnprocessableEntity, "You have 50 views, which is the most. Remove one first.")
	}
	if err := v.People.PutSavedView(v.r.Context(), news.SavedView{User: v.user.ID, Name: name, Query: inboxQuery(f, 0)}); err != nil {
		return 0, err
	}
	if saved, err = v.People.SavedViews(v.r.Context(), v.user.ID); err != nil {
		return 0, err
	}
	if i := slices.IndexFunc(saved, named); i >= 0 {
		id = saved[i].ID
	}
	return id, nil
}

func (v *visit) removeView() error {
	if _, err := v.dropView(); err != nil {
		return err
	}
	return v.to("/inbox")
}

// dropView removes the view of the visitor's that the address names.
func (v *visit) dropView() (id int64, err error) {
	if id, err = v.id(); err != nil {
		return 0, err
	}
	return id, v.People.RemoveSavedView(v.r.Context(), v.user.ID, id)
}

// id is the number in the address.
func (v *visit) id() (int64, error) {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, problem(http.StatusNotFound, "There is no such page.")
	}
	return id, nil
}

func (v *visit) keysPage() error { return v.render(http.StatusOK, "keys", nil) }
