package review

import (
	"bytes"
	"cmp"
	"context"
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

// Sources is what is read, and what may be done about it.
type Sources interface {
	// Health gives all sources and how they are.
	Health(ctx context.Context) ([]SourceHealth, error)
	// Poll polls a source now and says what that brought.
	Poll(ctx context.Context, id string) (found string, err error)
	// Pause keeps a source from being polled, or lets it be polled again.
	Pause(ctx context.Context, id, by string, paused bool) error
	// Look looks for what could be read at an address, and adds nothing.
	Look(ctx context.Context, address string) ([]FoundListing, error)
	// Add adds the listing of that address. Where the configuration names no file
	// of sources, or, with an error, that file can't be written, yaml is what is to be
	// put there.
	Add(ctx context.Context, listing, name, country string) (id, yaml string, err error)
	// WriteOPML writes the feeds as OPML.
	WriteOPML(w io.Writer) error
	// ReadOPML adds the feeds of a list; yaml as of Add. A *Refused says what of the
	// list can't be read; what stands before that is added all the same.
	ReadOPML(ctx context.Context, list []byte) (added, known int, yaml string, err error)
}

// SourceHealth is how a source is.
type SourceHealth struct {
	news.Source
	State  news.SourceState
	Paused *news.PausedSource
	Pace   time.Duration // least time between two polls; 0: the default
	Days   []int         // articles on each of the last 30 days, today the last
	Seen   *float64      // items a day, as its polls showed it; nil while too little is known
}

// FoundListing is an address at which an outlet lists what it publishes.
type FoundListing struct {
	URL, Kind, Title, Why string
	Language              string
	Items                 int
	Newest                time.Time
	Problem               string   // why it can't be read
	Latest                []string // titles of the first items
	Flagged               []FlaggedItem
	Sample                *SamplePage // nil: none was read
}

// SamplePage is the page of a listing's first item, as a cycle would read it.
type SamplePage struct {
	Link, Title, Lang string
	Text              string // its beginning
	Long              int    // bytes of all of it
	Published         time.Time
	Problem           string // why no article can be read from it; empty: one can
	Signals           []string
}

// FlaggedItem is an item of a listing, and what it would be flagged for.
type FlaggedItem struct {
	Title string
	Lang  string
	Hits  []news.Hit
}

// Refused is an error that says to the visitor why something isn't done.
type Refused struct{ Why string }

// Error implements error.
func (r *Refused) Error() string { return r.Why }

// sourcesView is what the page of the sources shows.
type sourcesView struct {
	Hand   []sourceLine // those that need a hand
	Others []sourceLine
	Total  int
	Query  string
	State  string
	Export string
	States []choice
	Today  int
	Acts   bool // the visitor may poll, pause and add
	Says   string
	Bad    problemSaid
	Look   *lookView
	Yaml   string
}

// sourceLine is a source in the table.
type sourceLine struct {
	SourceHealth
	Mark, Word string
	Good, Next Moment
	In         string // until the next poll
	Every      string // its pace; empty: the default
	Spark      spark
	Rate       string // items a day, seen and expected; empty: neither is known
	Today      int
	Since      Moment
	Host       string
}

// spark is a line of the items a day.
type spark struct {
	Points    string
	Band      string // top of the usual range
	Tall      string
	From      int
	To        int
	Silent    string // where it begins to be silent; empty: it isn't
	DotX      string
	DotY      string
	Something bool
}

// lookView is what was found at an address.
type lookView struct {
	Address string
	Fault   problemSaid
	Found   []FoundListing
	Failed  []FoundListing
}

func (v *visit) sourcesPage() error { return v.showSources(http.StatusOK, &sourcesView{}) }

func (v *visit) showSources(status int, view *sourcesView) error {
	all, err := v.Options.Sources.Health(v.r.Context())
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	view.Query, view.State = strings.TrimSpace(q.Get("q")), q.Get("state")
	view.Acts, view.Total = v.user.Role.May(news.RoleAuthor), len(all)
	for _, s := range []string{"reading", "failing", "paused", "not polled yet", "off"} {
		view.States = append(view.States, choice{Value: s, Name: v.t(s), On: s == view.State})
	}
	kept := url.Values{}
	for key, value := range map[string]string{"q": view.Query, "state": view.State} {
		if value != "" {
			kept.Set(key, value)
		}
	}
	view.Export = addressOf("/sources/export", kept.Encode())
	for _, h := range all {
		line := v.sourceLine(h)
		view.Today += line.Today
		switch {
		case !v.sourceWanted(line):
		case line.Mark == "fail":
			view.Hand = append(view.Hand, line)
		default:
			view.Others = append(view.Others, line)
		}
	}
	return v.render(status, "sources", view)
}

// sourceWanted reports whether a source passes the filter in the address.
func (v *visit) sourceWanted(s sourceLine) bool {
	q := v.r.URL.Query()
	state, words := q.Get("state"), strings.ToLower(strings.TrimSpace(q.Get("q")))
	return (state == "" || state == s.Word) && strings.Contains(strings.ToLower(s.Name+" "+s.ID+" "+s.Address()), words)
}

// sourceLine shows a source.
func (v *visit) sourceLine(h SourceHealth) sourceLine {
	line := sourceLine{SourceHealth: h, Good: v.moment(h.State.LastSuccess), Next: v.moment(h.State.NextPoll), Spark: sparkOf(h.Days), Rate: v.rate(h)}
	if h.Pace > 0 {
		line.Every = v.t("every %s", v.ago(max(h.Pace, time.Minute)))
	}
	_, host, _ := strings.Cut(h.Address(), "://")
	line.Host, _, _ = strings.Cut(host, "/")
	if n := len(h.Days); n > 0 {
		line.Today = h.Days[n-1]
	}
	switch {
	case h.Paused != nil:
		line.Mark, line.Word, line.Since = "paused", "paused", v.moment(h.Paused.Since)
	case !h.Enabled:
		line.Mark, line.Word = "paused", "off"
	case h.State.Gone, h.State.Failures > 0:
		line.Mark, line.Word = "fail", "failing"
	case h.State.LastSuccess.IsZero():
		line.Mark, line.Word = "slow", "not polled yet"
	default:
		line.Mark, line.Word = "ok", "reading"
	}
	if wait := h.State.NextPoll.Sub(v.now); wait > 0 {
		line.In = v.ago(wait)
	} else {
		line.In = v.t("now")
	}
	return line
}

// rate says how many items a day were seen of a source, and how many are expected
// where that is known.
func (v *visit) rate(h SourceHealth) string {
	if h.Seen == nil {
		if h.PerDay > 0 {
			return v.t("%d a day expected", h.PerDay)
		}
		return ""
	}
	places := 0
	if *h.Seen < 10 {
		places = 1
	}
	seen := strconv.FormatFloat(*h.Seen, 'f', places, 64)
	if h.PerDay > 0 {
		return v.t("%s a day seen, %d expected", seen, h.PerDay)
	}
	return v.t("%s a day seen", seen)
}

// sparkOf draws the items of each day, with the range of the middle half of the
// days as a band, and a foot under the last days where nothing came.
func sparkOf(days []int) spark {
	var s spark
	if len(days) < 2 {
		return s
	}
	top := max(1, slices.Max(days))
	s.Something = slices.Max(days) > 0
	y := func(n float64) float64 { return 26 - 22*n/float64(top) }
	var b strings.Builder
	for i, n := range days {
		x := 2 + 124*float64(i)/float64(len(days)-1)
		fmt.Fprintf(&b, "%.1f,%.1f ", x, y(float64(n)))
		s.DotX, s.DotY = fmt.Sprintf("%.1f", x), fmt.Sprintf("%.1f", y(float64(n)))
	}
	s.Points = strings.TrimSpace(b.String())
	sorted := slices.Sorted(slices.Values(days))
	low, high := float64(sorted[len(sorted)/4]), float64(sorted[len(sorted)*3/4])
	s.Band, s.Tall = fmt.Sprintf("%.1f", y(high)), fmt.Sprintf("%.1f", max(1, y(low)-y(high)))
	s.From, s.To = days[0], days[len(days)-1]
	silent := 0
	for i := len(days) - 1; i >= 0 && days[i] == 0; i-- {
		silent++
	}
	if silent > 1 && s.Something {
		s.Silent = fmt.Sprintf("%.1f", 2+124*float64(len(days)-silent)/float64(len(days)-1))
	}
	return s
}

// source is the one that the address names.
func (v *visit) source() (SourceHealth, error) {
	all, err := v.Options.Sources.Health(v.r.Context())
	if err != nil {
		return SourceHealth{}, err
	}
	i := slices.IndexFunc(all, func(s SourceHealth) bool { return s.ID == v.r.PathValue("id") })
	if i < 0 {
		return SourceHealth{}, problem(http.StatusNotFound, "There is no such page.")
	}
	return all[i], nil
}

// refused shows the page again with why something wasn't done; other errors pass.
func (v *visit) refused(err error, view *sourcesView) error {
	var r *Refused
	if !errors.As(err, &r) {
		return err
	}
	view.Bad = problemIn(v.lang, r.Why)
	return v.showSources(http.StatusUnprocessableEntity, view)
}

// refusals are what is said of sources where something isn't done.
var refusals = []phrase{
	phrased(`a cycle is under way; try again when it has ended`, "a cycle is under way; try again when it has ended", ""),
	phrased(`this is no address of a page or feed: it must begin with http:// or https://`, "this is no address of a page or feed: it must begin with http:// or https://", ""),
	phrased(`others are looking at addresses; try again in a minute`, "others are looking at addresses; try again in a minute", ""),
	phrased(`look at the address first`, "look at the address first", ""), phrased(`the source (\S+) reads this already`, "the source %s reads this already", ""),
	phrased(`the list has (\d+) new feeds; the desk adds up to (\d+) at once, driftwatch sources import more`, "the list has %s new feeds; the desk adds up to %s at once, driftwatch sources import more", ""),
}

func (v *visit) pollSource() error {
	s, err := v.source()
	if err != nil {
		return err
	}
	found, err := v.Options.Sources.Poll(v.r.Context(), s.ID)
	if err != nil {
		return v.refused(err, &sourcesView{})
	}
	if err := v.did("source.poll", s.ID, found); err != nil {
		return err
	}
	says, _ := v.told(found, auditNotes)
	return v.showSources(http.StatusOK, &sourcesView{Says: s.Name + ": " + says})
}

func (v *visit) pauseSource() error {
	s, err := v.source()
	if err != nil {
		return err
	}
	if err := v.pause(s, v.r.PostFormValue("paused") == "1"); err != nil {
		return err
	}
	return v.to("/sources")
}

// pause keeps a source from being polled, or lets it be polled again.
func (v *visit) pause(s SourceHealth, paused bool) error {
	if err := v.Options.Sources.Pause(v.r.Context(), s.ID, v.user.Name, paused); err != nil {
		return err
	}
	if paused {
		return v.did("source.pause", s.ID, "")
	}
	return v.did("source.resume", s.ID, "")
}

// withoutPassword is an address as the audit log may keep it for good.
func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	return u.Redacted()
}

// lookAtSource looks at an address and shows what would be read.
func (v *visit) lookAtSource() error {
	address := strings.TrimSpace(v.r.PostFormValue("url"))
	if address != "" && !strings.Contains(address, "://") {
		address = "https://" + address
	}
	look := &lookView{Address: address}
	status := http.StatusOK
	found, err := v.Options.Sources.Look(v.r.Context(), address)
	var r *Refused
	switch {
	case errors.As(err, &r):
		look.Fault, status = problemIn(v.lang, r.Why), http.StatusUnprocessableEntity
	case err != nil:
		return err
	}
	for _, f := range found {
		if f.Problem != "" {
			look.Failed = append(look.Failed, f)
		} else {
			look.Found = append(look.Found, f)
		}
	}
	if err := v.did("source.look", withoutPassword(address), ""); err != nil {
		return err
	}
	return v.showSources(status, &sourcesView{Look: look})
}

func (v *visit) addSource() error {
	country := v.r.PostFormValue("country")
	if country != "INT" && !slices.Contains(news.Countries, country) {
		return problem(http.StatusUnprocessableEntity, "A source needs one of the countries, or INT.")
	}
	id, yaml, err := v.Options.Sources.Add(v.r.Context(), v.r.PostFormValue("listing"), note(v.r.PostFormValue("name")), country)
	if err != nil {
		return v.refused(err, &sourcesView{Yaml: yaml})
	}
	if yaml != "" {
		return v.showSources(http.StatusOK, &sourcesView{Yaml: yaml})
	}
	if err := v.did("source.add", id, v.r.PostFormValue("listing")); err != nil {
		return err
	}
	return v.showSources(http.StatusOK, &sourcesView{Says: v.t("%s was added to the file of sources. The next cycle polls it.", id)})
}

func (v *visit) opmlOut() error {
	var b bytes.Buffer
	if err := v.Options.Sources.WriteOPML(&b); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/x-opml; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="driftwatch.opml"`)
	_, err := b.WriteTo(v.w)
	return err
}

// opmlIn reads an uploaded list; the desk's bound of a request's body is its own.
func (v *visit) opmlIn() error {
	file, _, err := v.r.FormFile("file")
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return err
	case err != nil:
		return problem(http.StatusUnprocessableEntity, "Choose an OPML file first.")
	}
	defer file.Close()
	list, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	added, known, yaml, err := v.importOPML(list)
	if err != nil {
		return v.refused(err, &sourcesView{Yaml: yaml})
	}
	says := v.t("%d added, %d known already.", added, known)
	switch {
	case yaml != "":
		says = ""
	case added == 0 && known == 0:
		says = v.t("There is no feed in this file.")
	}
	return v.showSources(http.StatusOK, &sourcesView{Says: says, Yaml: yaml})
}

// importOPML adds the feeds of a list.
func (v *visit) importOPML(list []byte) (added, known int, yaml string, err error) {
	added, known, yaml, err = v.Options.Sources.ReadOPML(v.r.Context(), list)
	if yaml != "" || added == 0 {
		return added, known, yaml, err
	}
	return added, known, "", cmp.Or(v.did("source.import", "opml", fmt.Sprintf("%d added", added)), err)
}
