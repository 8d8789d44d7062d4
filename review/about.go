package review

import (
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// Health is how the program is.
type Health struct {
	Cycle    time.Time     // when the last cycle began; zero: there was none
	Ended    time.Time     // zero: it hasn't, or was killed
	Took     time.Duration // of the last cycle
	Polled   int           // sources, in the last cycle
	Failed   int           // of these
	Problems []string      // what the last cycle says needs a hand
	Rules    string        // the version in force
	Refused  bool          // the files of the rules are refused, and those before go on
	Pending  int           // deliveries that wait, HealthMost at most
	Undone   int           // deliveries that failed, HealthMost at most
	Database int64         // bytes
	Free     int64         // bytes left beside the database; below 0: not known
}

// HealthMost is up to how many deliveries are counted for the page's health.
const HealthMost = 1000

// aboutView is what the page about the program shows.
type aboutView struct {
	Version string
	Parts   []partLine
	Health  *healthView // nil: it isn't known
}

// partLine is something of others that the program is made of.
type partLine struct{ Name, Version, Licence string }

// healthView is a Health as it is shown.
type healthView struct {
	Health
	Began       Moment
	Size, Space string
	Mark        string // ok, slow or fail
}

func (v *visit) aboutPage() error {
	view := aboutView{Version: v.Version, Parts: parts()}
	if v.Options.Health != nil {
		h, err := v.Options.Health(v.r.Context())
		if err != nil {
			return err
		}
		view.Health = v.healthView(h)
	}
	return v.render(http.StatusOK, "about", view)
}

func (v *visit) healthView(h Health) *healthView {
	out := &healthView{Health: h, Began: v.moment(h.Cycle), Size: v.megabytes(h.Database), Mark: "ok"}
	if h.Free >= 0 {
		out.Space = v.megabytes(h.Free)
	}
	switch {
	case h.Cycle.IsZero() || h.Polled > 0 && h.Failed == h.Polled:
		out.Mark = "fail"
	case h.Failed > 0 || h.Undone > 0 || h.Refused || len(h.Problems) > 0:
		out.Mark = "slow"
	}
	return out
}

func (v *visit) megabytes(n int64) string {
	if n < 10<<30 {
		return v.t("%d MB", int(n>>20))
	}
	return v.t("%d GB", int(n>>30))
}

// parts are the modules that the program is built of, with their licences.
func parts() []partLine {
	known := Licences()
	out := []partLine{{"htmx", "2.0.11", "0BSD"}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return out
	}
	out = append(out, partLine{"Go", strings.TrimPrefix(info.GoVersion, "go"), known["Go"]})
	for _, m := range info.Deps {
		if known[m.Path] != "" { // what only tests need isn't there
			out = append(out, partLine{m.Path, m.Version, known[m.Path]})
		}
	}
	return out
}

// licenceMark begins the line that names a module and its licence in the file of
// licences.
const licenceMark = "==== "

// Licences gives the licences of the modules that the program is built of, by their
// paths, as SPDX names them. The texts are in static/licences.txt.
func Licences() map[string]string {
	data, err := staticFS.ReadFile("static/licences.txt")
	if err != nil {
		panic(err) // it is embedded
	}
	out := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, licenceMark); ok {
			module, licence, _ := strings.Cut(strings.TrimSpace(rest), " ")
			out[module] = licence
		}
	}
	return out
}
