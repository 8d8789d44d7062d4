package review

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"driftwatch/news"
)

//go:embed templates
var templateFS embed.FS

// page is a page in one language: the frame and all parts, with its own "main".
type page = template.Template

// parse reads all pages, once a language, so that {{t "…"}} in a template needs to
// know nothing of the visitor.
func (d *Desk) parse() (map[string]map[string]*page, error) {
	entries, err := fs.ReadDir(templateFS, "templates")
	if err != nil {
		return nil, err
	}
	all := make(map[string]map[string]*page)
	for _, lang := range Languages {
		shared, err := template.New("").Funcs(d.functions(lang)).ParseFS(templateFS, "templates/frame.html", "templates/sprite.html", "templates/parts.html")
		if err != nil {
			return nil, err
		}
		all[lang] = make(map[string]*page)
		for _, e := range entries {
			name := strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
			if name == "frame" || name == "sprite" || name == "parts" {
				continue
			}
			own, err := shared.Clone()
			if err == nil {
				_, err = own.ParseFS(templateFS, "templates/"+e.Name())
			}
			if err != nil {
				return nil, err
			}
			all[lang][name] = own
		}
	}
	return all, nil
}

// functions are those that templates call.
func (d *Desk) functions(lang string) template.FuncMap {
	return template.FuncMap{
		"problem": func(text string) problemSaid { return problemIn(lang, text) },
		"t":       func(key string, args ...any) string { return say(lang, key, args...) },
		"n":       func(key string, n int) string { return count(lang, key, n) },
		"n2": func(key string, n int, name string) string {
			return fmt.Sprintf(plural(lang, key, n), name, n)
		},
		"asset":   d.asset,
		"lang":    func(code string) string { return say(lang, languageNames[code]) },
		"country": func(code string) string { return say(lang, countryNames[code]) },
		"theme":   func(id news.Theme) string { return themeName(lang, id) },
		"tongue":  func(text string) string { return tongue(lang, text) },
		"list":    func(all ...any) []any { return all },
		"outside": outside,
		"also":    also,
		"part": func(name string) string {
			if says, ok := scoreParts[name]; ok {
				return say(lang, says)
			}
			return name
		},
		"minus": func(a, b int) int { return a - b },
		"plus":  func(a, b int) int { return a + b },
	}
}

// outside reports whether an address leads to a page of the web. Others, such as
// javascript: or data:, are shown as text and never as links.
func outside(address string) bool { return webAddress(address) != "" }

func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// frame is what stands around a page's own content.
type frame struct {
	Page   string
	Lang   string
	Look   string
	User   news.User
	Nav    []navLine
	Pulse  *pulseLine // nil: not known, or nobody is signed in
	Here   string     // the address of this page
	Body   any
	Leaves bool // the visitor can sign out here
}

// navLine is a line of the navigation.
type navLine struct {
	Path, Name string
	Here, Gap  bool
}

// pulseLine is a Pulse as it is shown.
type pulseLine struct {
	Pulse
	Mark string // ok, slow or fail
	Ago  Moment
}

// render answers with a page.
func (v *visit) render(status int, name string, body any) error {
	f := frame{Page: name, Lang: v.lang, Look: v.user.Look, User: v.user, Here: v.r.URL.RequestURI(), Body: body, Leaves: !v.byProxy}
	if v.user.ID != 0 {
		f.Nav = v.nav()
		f.Pulse = v.pulse()
	}
	return v.execute(status, name, "frame", f)
}

// part answers with a part of a page, for a script that puts it in place.
func (v *visit) part(name, part string, data any) error {
	return v.execute(http.StatusOK, name, part, data)
}

func (v *visit) execute(status int, name, part string, data any) error {
	p, ok := v.pages[v.lang][name]
	if !ok {
		return fmt.Errorf("there is no template %s", name)
	}
	var b bytes.Buffer
	if err := p.ExecuteTemplate(&b, part, data); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Language", v.lang)
	v.w.WriteHeader(status)
	_, err := b.WriteTo(v.w)
	if err != nil {
		v.Log.Debug("page not sent", "page", v.r.URL.Path, "problem", err)
	}
	return nil
}

// nav is the navigation as the visitor may use it.
func (v *visit) nav() []navLine {
	var out []navLine
	for _, r := range v.routes {
		if r.nav == "" || !v.user.Role.May(r.least) {
			continue
		}
		p := pathOf(r.pattern)
		out = append(out, navLine{Path: p, Name: v.t(r.nav), Gap: r.gap,
			Here: v.r.URL.Path == p || strings.HasPrefix(v.r.URL.Path, p+"/")})
	}
	return out
}

// pulse is the line of what is being read; a store that can't say is logged, and
// the page goes on without it.
func (v *visit) pulse() *pulseLine {
	if v.Options.Pulse == nil {
		return nil
	}
	p, err := v.Options.Pulse(v.r.Context())
	if err != nil {
		v.Log.Error("health of the sources not known", "problem", err)
		return nil
	}
	line := &pulseLine{Pulse: p, Mark: "ok", Ago: v.moment(p.Last)}
	switch {
	case p.Sources > 0 && p.Read*2 < p.Sources:
		line.Mark = "fail"
	case p.Read < p.Sources:
		line.Mark = "slow"
	}
	return line
}

// Moment is a time as a page shows it.
type Moment struct {
	Machine string // RFC 3339
	Exact   string // in the user's zone
	Ago     string // how long ago
	Clock   string // hour and minute
}

// moment shows a time in the user's zone; the zero time is empty.
func (v *visit) moment(t time.Time) Moment {
	if t.IsZero() {
		return Moment{}
	}
	at := t.In(v.zone)
	return Moment{Machine: at.Format(time.RFC3339), Exact: at.Format("2006-01-02 15:04:05 MST"), Ago: v.ago(v.now.Sub(t)), Clock: at.Format("15:04")}
}

// ago says how long ago something was, roughly.
func (v *visit) ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return v.t("now")
	case d < time.Hour:
		return v.t("%d min", int(d/time.Minute))
	case d < 48*time.Hour:
		return v.t("%d h", int(d/time.Hour))
	}
	return v.t("%d d", int(d/(24*time.Hour)))
}
