package review

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"driftwatch/news"
)

// silencesView is what the page of the silences shows.
type silencesView struct {
	Rows      []silenceRow
	All       bool // ended ones too
	Form      silenceForm
	Back      string // the page that the visitor came from to silence a story; empty: none
	Says      string
	Themes    []choice
	Countries []choice
	Adds      bool
}

type silenceRow struct {
	news.Silence
	State       news.SilenceState
	What        []string
	Stories     []silencedStory
	Start, Stop Moment
	Left        string // until it ends
	Ends        bool   // the visitor may end it
}

// silencedStory is a story that a silence is for.
type silencedStory struct {
	ID    int64
	Title string // empty: the story isn't there any more
}

// silenceForm is a silence as it is typed.
type silenceForm struct {
	Themes, Countries, Signals, Sources, Stories string // lists, with commas
	Reason                                       string
	For                                          string // a length of time
	Until                                        string // a day, in the visitor's zone
}

// silenceSpans are the lengths that the page offers.
var silenceSpans = map[string]time.Duration{"1h": time.Hour, "8h": 8 * time.Hour, "24h": 24 * time.Hour, "3d": 72 * time.Hour, "7d": 7 * 24 * time.Hour, "30d": 30 * 24 * time.Hour}

// silenceLongest is how far ahead a silence may end.
const silenceLongest = 366 * 24 * time.Hour

func (v *visit) silencesPage() error {
	q := v.r.URL.Query()
	form := silenceForm{Stories: q.Get("story"), Signals: q.Get("signal"), For: "24h"}
	view := silencesView{All: q.Has("all"), Form: form}
	if from, err := url.Parse(v.r.Referer()); err == nil && form.Stories != "" && from.Host == v.r.Host {
		view.Back = silenceBack(from.RequestURI())
	}
	return v.showSilences(http.StatusOK, view)
}

// silenceBack is a path where it is that of a page that stories are silenced from; else
// it is empty.
func silenceBack(path string) string {
	if path = local(path, ""); strings.HasPrefix(path, "/inbox") || strings.HasPrefix(path, "/stories/") {
		return path
	}
	return ""
}

// silencedToast says that a story was silenced from this page, where its address says so,
// and how to undo it.
func (v *visit) silencedToast(back string) (toast, error) {
	id, err := strconv.ParseInt(v.r.URL.Query().Get("silenced"), 10, 64)
	if err != nil {
		return toast{}, nil
	}
	active, err := v.silences(false)
	for _, s := range active {
		if s.ID == id && s.By == v.user.Name && len(s.Stories) == 1 {
			return v.silenceToast(s, back), nil
		}
	}
	return toast{}, err
}

func (v *visit) silenceToast(s news.Silence, back string) toast {
	return toast{Says: v.t("Silenced until %s", v.moment(s.Ends).Exact), Silence: s.ID, Story: s.Stories[0], Back: back}
}

func (v *visit) showSilences(status int, view silencesView) error {
	all, err := v.silences(view.All)
	if err != nil {
		return err
	}
	titles, err := v.silencedTitles(all)
	if err != nil {
		return err
	}
	view.Adds = v.user.Role.May(news.RoleAnalyst)
	for _, s := range all {
		r := silenceRow{Silence: s, State: s.State(v.now), What: v.silenced(news.Silence{Themes: s.Themes, Countries: s.Countries, Signals: s.Signals, Sources: s.Sources}), Start: v.moment(s.Begins), Stop: v.moment(s.Ends)}
		if r.State == news.SilenceActive {
			r.Left = v.ago(s.Ends.Sub(v.now))
		}
		for _, id := range s.Stories {
			r.Stories = append(r.Stories, silencedStory{id, titles[id]})
		}
		r.Ends = view.Adds && r.State != news.SilenceEnded
		view.Rows = append(view.Rows, r)
	}
	for _, t := range []news.Theme{news.ThemeSanctions, news.ThemeCSTO, news.ThemeDecolonization, news.ThemeDualUse, news.ThemeContext} {
		view.Themes = append(view.Themes, choice{Value: string(t), Name: themeName(v.lang, t), On: slices.Contains(words(view.Form.Themes), string(t))})
	}
	for _, c := range news.Countries {
		view.Countries = append(view.Countries, choice{Value: c, Name: c, On: slices.Contains(words(view.Form.Countries), c)})
	}
	return v.render(status, "silences", view)
}

// titledMost is for how many silenced stories the titles are read, those of the latest
// silences.
const titledMost = 200

// silencedTitles are the titles of the stories that silences are for.
func (v *visit) silencedTitles(all []news.Silence) (map[int64]string, error) {
	var ids []int64
	for _, s := range all {
		ids = append(ids, s.Stories...)
	}
	files, err := v.Stories.StoryFiles(v.r.Context(), ids[:min(len(ids), titledMost)])
	titles := map[int64]string{}
	for _, f := range files {
		titles[f.Story.ID] = f.Story.Title
	}
	return titles, err
}

// silences are those that are active or to come, the latest first; those that have
// ended too, where they are asked for.
func (v *visit) silences(ended bool) ([]news.Silence, error) {
	after := v.now
	if ended {
		after = time.Time{}
	}
	all, err := v.Outbox.Silences(v.r.Context(), after)
	slices.Reverse(all)
	return all, err
}

// silenced says what a silence is for.
func (v *visit) silenced(s news.Silence) []string {
	var out []string
	add := func(key string, values []string) {
		if len(values) > 0 {
			out = append(out, v.t(key)+": "+strings.Join(values, ", "))
		}
	}
	var themes, stories []string
	for _, t := range s.Themes {
		themes = append(themes, themeName(v.lang, t))
	}
	for _, id := range s.Stories {
		stories = append(stories, strconv.FormatInt(id, 10))
	}
	var sources []string
	for _, id := range s.Sources {
		sources = append(sources, v.outlet(id))
	}
	add("Theme", themes)
	add("Country", s.Countries)
	add("Signal", s.Signals)
	add("Outlet", sources)
	add("Story", stories)
	return out
}

// words are the parts of a list with commas or spaces.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}

func (v *visit) addSilence() error {
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	form := v.r.PostForm
	f := silenceForm{Themes: strings.Join(form["theme"], ","), Countries: strings.Join(form["country"], ","), Signals: form.Get("signals"), Sources: form.Get("sources"),
		Stories: form.Get("stories"), Reason: strings.TrimSpace(form.Get("reason")), For: form.Get("for"), Until: strings.TrimSpace(form.Get("until"))}
	s, says, err := v.silence(f)
	if err != nil {
		return err
	}
	back := silenceBack(form.Get("back"))
	switch {
	case says != "" && v.partial():
		return problem(http.StatusUnprocessableEntity, says)
	case says != "":
		return v.showSilences(http.StatusUnprocessableEntity, silencesView{Form: f, Back: back, Says: says})
	}
	if s.ID, err = v.keepSilence(s); err != nil {
		return err
	}
	switch {
	case back == "" || len(s.Stories) != 1:
		return v.to("/silences")
	case v.partial():
		return v.answerRow(s.Stories[0], 1<<62, v.silenceToast(s, back))
	}
	return v.to(also(back, "silenced="+strconv.FormatInt(s.ID, 10)))
}

func (v *visit) keepSilence(s news.Silence) (id int64, err error) {
	if id, err = v.Outbox.AddSilence(v.r.Context(), s); err != nil {
		return 0, err
	}
	return id, v.did("silence.add", "silence "+strconv.FormatInt(id, 10), s.Reason)
}

// silence reads what was typed, or says what is wrong with it.
func (v *visit) silence(f silenceForm) (s news.Silence, says string, err error) {
	s = news.Silence{Countries: words(f.Countries), Signals: words(f.Signals), Sources: words(f.Sources), Reason: f.Reason, By: v.user.Name, Begins: v.now}
	for _, t := range words(f.Themes) {
		s.Themes = append(s.Themes, news.Theme(t))
	}
	for _, w := range words(f.Stories) {
		id, err := strconv.ParseInt(w, 10, 64)
		if err != nil || id < 1 {
			return s, v.t("“%s” is no story's number.", w), nil
		}
		s.Stories = append(s.Stories, id)
	}
	if f.Until != "" {
		day, err := time.ParseInLocation(time.DateOnly, f.Until, v.zone)
		if err != nil {
			return s, v.t("A day is written as 2031-09-01."), nil
		}
		s.Ends = day
	} else {
		s.Ends = v.now.Add(silenceSpans[f.For])
	}
	says, err = v.silenceFault(s)
	return s, says, err
}

// silenceFault says what is wrong with a silence; empty: nothing is.
func (v *visit) silenceFault(s news.Silence) (says string, err error) {
	for _, id := range s.Sources {
		if _, known := v.Outlets()[id]; !known {
			return v.t("No source has the id “%s”.", id), nil
		}
	}
	for _, c := range s.Countries {
		if !slices.Contains(news.Countries, c) {
			return v.t("“%s” is none of the five countries.", c), nil
		}
	}
	for _, id := range s.Signals {
		if _, err := v.Rules.Signal(v.r.Context(), id); err != nil {
			return v.t("No signal has the id “%s”.", id), nil
		}
	}
	files, err := v.Stories.StoryFiles(v.r.Context(), s.Stories)
	switch {
	case err != nil:
		return "", err
	case len(files) < len(s.Stories):
		return v.t("There is no such story."), nil
	case s.Whole():
		return v.t("Say what is to be silenced: a theme, a country, a signal, an outlet or a story."), nil
	case s.Reason == "" || len(s.Reason) > 1000:
		return v.t("A silence needs a reason, of up to 1,000 characters."), nil
	case !s.Ends.After(v.now) || s.Ends.Sub(v.now) > silenceLongest:
		return v.t("A silence needs an end that is ahead, within a year."), nil
	}
	return "", nil
}

func (v *visit) endSilence() error {
	if err := v.stopSilence(); err != nil {
		return err
	}
	back := silenceBack(v.r.PostFormValue("back"))
	story, err := strconv.ParseInt(v.r.PostFormValue("story"), 10, 64)
	if v.partial() && err == nil && strings.HasPrefix(back, "/inbox") {
		return v.answerRow(story, 1<<62, toast{Says: v.t("The silence has ended")})
	}
	if back == "" {
		back = "/silences"
	}
	if v.partial() {
		v.w.Header().Set("HX-Redirect", back)
		return nil
	}
	return v.to(back)
}

// stopSilence ends the silence that the address names.
func (v *visit) stopSilence() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	err = v.Outbox.EndSilence(v.r.Context(), id, v.now)
	if v.Exists(err) {
		return problem(http.StatusConflict, "This silence has ended already.")
	}
	if err != nil {
		return err
	}
	return v.did("silence.end", "silence "+strconv.FormatInt(id, 10), "")
}
