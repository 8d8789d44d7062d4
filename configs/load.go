package configs

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Themes are the ids of the embedded packs' themes.
var Themes = []string{"sanctions", "csto", "decolonization", "dual-use", "context"}

// Load reads a driftwatch.yaml and the files that it names. The empty name
// stands for the embedded defaults. All that is wrong is returned together, as
// Errors; getenv is os.LookupEnv but for tests.
func Load(file string, getenv func(string) (string, bool)) (*Config, error) {
	r := Check(file, getenv)
	return r.Config, r.Faults.err()
}

// Report is what there is to say about a configuration.
type Report struct {
	File     string   // as in Config
	Config   *Config  // nil where there are faults
	Warnings []string // what works but should be looked at
	Faults   Errors   // what doesn't
	Themes   []string // the folders with packs, absolute, also where there are faults
}

// Check reads a configuration as Load does, and gives the warnings beside the
// faults.
func Check(file string, getenv func(string) (string, bool)) *Report {
	l := newLoader(file, getenv)
	l.read()
	r := &Report{File: file, Warnings: l.config.Warnings, Faults: l.faults(), Themes: l.config.Themes}
	if len(r.Faults) == 0 {
		r.Config = l.config
	}
	return r
}

// CheckThemes says which routes name a theme that isn't among known. Load
// can't: the operator's packs may define more than the embedded themes.
func (c *Config) CheckThemes(known []string) error {
	if c.checkThemes == nil {
		return nil
	}
	return c.checkThemes(known)
}

// CheckSignals says which routes and digests name a signal that isn't among
// known.
func (c *Config) CheckSignals(known []string) error {
	if c.checkSignals == nil {
		return nil
	}
	return c.checkSignals(known)
}

// themeCheck is CheckThemes for a file that was read without fault.
func (l *loader) themeCheck(known []string) error {
	return l.packCheck("themes", "theme", known, func(m Lists) []string { return m.Themes })
}

// signalCheck is CheckSignals for such a file.
func (l *loader) signalCheck(known []string) error {
	return l.packCheck("signals", "signal", known, func(m Lists) []string { return m.Signals })
}

// packCheck looks for ids in lists that no pack has.
func (l *loader) packCheck(key, what string, known []string, of func(Lists) []string) error {
	doc := l.doc
	l.eachLists(func(at Path, m Lists) {
		for j, id := range of(m) {
			if !slices.Contains(known, id) {
				at := slices.Concat(at, At(key, j))
				doc.Fault(at, "no pack has the "+what+" "+doc.quote(at, id)).Hint = doc.near(at, id, known)
			}
		}
	})
	found := doc.Err()
	doc.faults = nil
	return found
}

const day = 24 * time.Hour

// defaults is a configuration in which nothing was said.
func defaults() *Config {
	return &Config{
		Store:    StoreConfig{Keep: Keep{Articles: 365 * day, Pages: 90 * day, Cycles: 90 * day}},
		Archive:  Archive{Pages: PagesFlagged, FileSize: 256, Looks: []time.Duration{time.Hour, 6 * time.Hour, day, 7 * day, 30 * day}},
		Network:  Network{Concurrency: 16, HostInterval: time.Second, Timeout: 30 * time.Second},
		Stories:  Stories{EventWindow: 7 * 24 * time.Hour, TextWindow: 90 * 24 * time.Hour},
		Alerts:   Alerts{MaxAge: 48 * time.Hour, FirstPoll: FirstPollQuiet},
		Serve:    Serve{Listen: "127.0.0.1:9105", Interval: 5 * time.Minute, Desk: Desk{Listen: "127.0.0.1:9106"}},
		Operator: Operator{At: Clock{7 * 60}, Silence: 24 * time.Hour, Disk: 5, Pending: 100, Stall: 2 * time.Hour},
		Feeds:    Feeds{Days: 14, Limit: 200},
	}
}

// loader reads one configuration.
type loader struct {
	getenv func(string) (string, bool)
	disk   fileReader
	config *Config
	doc    *Document
	broken Errors      // faults without a document
	others []*Document // files that the configuration names
	filled []string    // what stands for a ${…}

	ownDigests int // those of the file's own list, which come first
}

// fileReader reads the files that a configuration names, wherever it lies.
type fileReader struct {
	folder string // absolute; empty: the embedded files
	named  string // the folder as the user named it
}

// shown is a path for people: as they wrote it, from where they stand.
func (r fileReader) shown(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(r.named, name)
}

func (r fileReader) path(name string) string {
	if filepath.IsAbs(name) || r.folder == "" {
		return name
	}
	return filepath.Join(r.folder, name)
}

func (r fileReader) read(name string) ([]byte, error) {
	if r.folder == "" {
		return fs.ReadFile(FS(), name)
	}
	return os.ReadFile(r.path(name))
}

func newLoader(file string, getenv func(string) (string, bool)) *loader {
	l := &loader{getenv: getenv, config: defaults()}
	l.config.File = file
	if file != "" {
		if absolute, err := filepath.Abs(file); err == nil {
			file = absolute
		}
		l.disk = fileReader{folder: filepath.Dir(file), named: filepath.Dir(l.config.File)}
	}
	return l
}

// shown are the parts of a driftwatch.yaml that a message may show. Anything
// else, misspelt keys included, may hold a secret.
var shown = public{
	sections: []string{"store", "archive", "sources", "themes", "stories", "alerts", "route", "routes", "digests", "serve", "feeds"},
	keys: []string{
		"contact", "allow", "concurrency", "host_interval", "same_host", "timeout", "type", "port", "tls",
		"event_window", "text_window", "max_age", "first_poll", "listen", "interval", "min_level", "countries",
		"at", "silence", "format", "disk", "pending", "stall", "days", "limit",
	},
}

// configFile is the form of a driftwatch.yaml.
type configFile struct {
	Store    *StoreConfig       `yaml:"store"`
	Archive  *Archive           `yaml:"archive"`
	Network  *Network           `yaml:"network"`
	Sources  []sourceEntry      `yaml:"sources"`
	Themes   []string           `yaml:"themes"`
	Stories  *Stories           `yaml:"stories"`
	Alerts   *Alerts            `yaml:"alerts"`
	Channels map[string]Channel `yaml:"channels"`
	Route    *Route             `yaml:"route"`
	Routes   []Route            `yaml:"routes"`
	Digests  []Digest           `yaml:"digests"`
	Serve    *Serve             `yaml:"serve"`
	Operator *Operator          `yaml:"operator"`
	Feeds    *Feeds             `yaml:"feeds"`
}

func (l *loader) read() {
	name, data, err := l.source()
	if err != nil {
		l.broken = append(l.broken, &Error{File: name, Msg: "the configuration can't be read: " + cause(err)})
		return
	}
	c := l.config
	l.doc = open(&Document{file: name, public: &shown, expand: expander(l.getenv, l.disk.folder, l.note)}, data)
	c.checkThemes, c.checkSignals = l.themeCheck, l.signalCheck
	f := configFile{Store: &c.Store, Archive: &c.Archive, Network: &c.Network, Stories: &c.Stories, Alerts: &c.Alerts, Serve: &c.Serve, Operator: &c.Operator, Feeds: &c.Feeds}
	l.doc.Decode(&f)
	c.Channels, c.Routes, c.Digests = f.Channels, f.Routes, f.Digests

	l.store()
	l.archive()
	l.network()
	l.stories()
	l.alerts()
	l.themes(f.Themes)
	l.serve()
	l.channels()
	l.routes(f.Route)
	l.operator()
	l.feeds()
	l.sources(f.Sources)
	l.sourceIDs()
	c.hide = hider(c.Sources, l.filled)
	l.doc.Rest(data)
}

// note keeps a value that was put in for a ${…}.
func (l *loader) note(value string) { l.filled = append(l.filled, value) }

// source gives the bytes of the configuration file, and its name for people.
func (l *loader) source() (name string, data []byte, err error) {
	if l.config.File == "" {
		data, err = fs.ReadFile(FS(), "driftwatch.yaml")
		return "driftwatch.yaml (built in)", data, err
	}
	data, err = os.ReadFile(l.config.File)
	return l.config.File, data, err
}

// faults are those of the configuration, then those of each file that it names.
func (l *loader) faults() Errors {
	all := l.broken
	if l.doc != nil {
		all = append(all, l.doc.all()...)
	}
	for _, doc := range l.others {
		all = append(all, doc.all()...)
	}
	return all
}

func (l *loader) warn(format string, args ...any) {
	l.config.Warnings = append(l.config.Warnings, fmt.Sprintf(format, args...))
}

func (l *loader) store() {
	path := &l.config.Store.Path
	if *path == "" {
		return
	}
	if l.tilde(At("store", "path"), *path) {
		return
	}
	*path = l.disk.path(*path)
}

func (l *loader) archive() {
	a, doc := &l.config.Archive, l.doc
	doc.oneOf(At("archive", "pages"), a.Pages, PagesFlagged, PagesAll, PagesNone)
	doc.judge(At("archive", "file_size"), outside(a.FileSize, 4096))
	for i, look := range a.Looks {
		problem := noTime(look)
		if problem == "" && i > 0 && look <= a.Looks[i-1] {
			problem = "each look has to be later than the one before it"
		}
		doc.judge(At("archive", "looks", i), problem)
	}
	if a.Path != "" && !l.tilde(At("archive", "path"), a.Path) {
		a.Path = l.disk.path(a.Path)
	}
}

// tilde reports a path that only a shell would understand.
func (l *loader) tilde(at Path, path string) bool {
	if !strings.HasPrefix(path, "~") {
		return false
	}
	l.doc.Fault(at, "~ isn't replaced here: write ${HOME}, or the whole path")
	return true
}

func (l *loader) network() {
	n, doc := &l.config.Network, l.doc
	if n.Contact == "" && !doc.faulty(At("network", "contact")) {
		l.warn("network.contact isn't set: give an address or a page in it, so that the outlets know whom to ask")
	}
	if unprintable(n.Contact) {
		doc.judge(At("network", "contact"), "the contact can't hold line ends or other control characters")
	}
	doc.judge(At("network", "concurrency"), outside(n.Concurrency, 1024))
	doc.judge(At("network", "timeout"), noTime(n.Timeout))
	for i, group := range n.SameHost {
		for j, host := range group {
			if host == "" || strings.ContainsAny(host, "/:@ ") {
				doc.judge(At("network", "same_host", i, j), "the name of a host is expected here, such as www.example.org")
			}
		}
	}
	if n.Proxy.IsSet() {
		doc.judge(At("network", "proxy"), badURL(n.Proxy.Reveal(), "http", "https", "socks5"))
	}
}

func (l *loader) stories() {
	s := l.config.Stories
	l.doc.judge(At("stories", "event_window"), noTime(s.EventWindow))
	if at := At("stories", "text_window"); s.TextWindow < s.EventWindow {
		l.doc.judge(at, "this has to be at least stories.event_window")
	} else {
		l.doc.judge(at, noTime(s.TextWindow))
	}
}

func (l *loader) alerts() {
	l.doc.judge(At("alerts", "max_age"), noTime(l.config.Alerts.MaxAge))
	l.doc.oneOf(At("alerts", "first_poll"), l.config.Alerts.FirstPoll, FirstPollQuiet, FirstPollAlert)
}

func (l *loader) serve() {
	if !isHostPort(l.config.Serve.Listen) {
		l.doc.judge(At("serve", "listen"), "an address and a port are expected here, such as 127.0.0.1:9105")
	}
	l.doc.judge(At("serve", "interval"), noTime(l.config.Serve.Interval))
	l.desk(&l.config.Serve.Desk)
}

func (l *loader) desk(d *Desk) {
	at := func(keys ...any) Path { return At(append([]any{"serve", "desk"}, keys...)...) }
	if d.Listen != DeskOff && !isHostPort(d.Listen) {
		l.doc.judge(at("listen"), "an address and a port are expected here, such as 127.0.0.1:9106, or off")
	}
	if d.BaseURL != "" {
		l.doc.judge(at("base_url"), badURL(d.BaseURL, "http", "https"))
		d.BaseURL = strings.TrimRight(d.BaseURL, "/")
	}
	if (d.TLS.Cert == "") != (d.TLS.Key == "") {
		l.doc.judge(at("tls"), "a certificate needs its key, and a key its certificate: set both cert and key")
	}
	for key, file := range map[string]*string{"cert": &d.TLS.Cert, "key": &d.TLS.Key} {
		if *file != "" && !l.tilde(at("tls", key), *file) {
			*file = l.disk.path(*file)
		}
	}
	for i, from := range d.Proxy.From {
		if _, err := prefix(from); err != nil {
			l.doc.judge(at("proxy", "from", i), "an address such as 127.0.0.1 or a range such as 10.0.0.0/8 is expected here")
		}
	}
	if d.WriteRules && len(l.config.Themes) == 0 {
		l.doc.judge(at("write_rules"), "name in `themes` the folder that the desk is to write rules into")
	}
	if d.Proxy.Header != "" && len(d.Proxy.From) == 0 {
		l.doc.judge(at("proxy", "header"), "say in `from` which proxies may name the user; without that anybody could")
	}
}

// themes makes the folders absolute. The embedded configuration names the
// folders that it lies beside, which every engine has anyway.
func (l *loader) themes(folders []string) {
	if l.config.File == "" {
		return
	}
	for i, folder := range folders {
		at := At("themes", i)
		if folder == "" || l.tilde(at, folder) {
			continue
		}
		path := l.disk.path(folder)
		switch stat, err := os.Stat(path); {
		case err != nil:
			l.doc.judge(at, "the folder "+l.doc.quote(at, l.disk.shown(folder))+" can't be read: "+cause(err))
		case !stat.IsDir():
			l.doc.judge(at, "the path "+l.doc.quote(at, l.disk.shown(folder))+" isn't a folder")
		default:
			l.config.Themes = append(l.config.Themes, path)
		}
	}
}

// quote is a value for a message, unless it must not be seen.
func (d *Document) quote(at Path, value string) string {
	if d.privateAt(at) {
		return hidden
	}
	return fmt.Sprintf("%q", abridge(value))
}

// near is Nearest for the value at a path; a value that must not be seen is
// near nothing.
func (d *Document) near(at Path, value string, names []string) string {
	if d.privateAt(at) {
		return ""
	}
	return Nearest(value, names)
}

// privateAt reports whether the value at path must not be printed.
func (d *Document) privateAt(at Path) bool {
	n, _, ok := d.find(at)
	return ok && d.private(d.resolve(n))
}

// given reports whether the document says something at path.
func (d *Document) given(path Path) bool {
	n, _, ok := d.find(path)
	return ok && !d.empty(n)
}

// keys are those of the group at path.
func (d *Document) keys(path Path) []string {
	n, _, ok := d.find(path)
	if !ok {
		return nil
	}
	var names []string
	for _, pair := range d.first(d.resolve(n)) {
		names = append(names, keyText(pair.Key))
	}
	return names
}

// judge reports a problem with a value that the file gives, unless something
// was found wrong with it already. No problem is the empty one.
func (d *Document) judge(at Path, problem string) *Error {
	if problem == "" || !d.given(at) || d.faulty(at) {
		return &Error{}
	}
	return d.Fault(at, problem)
}

// faulty reports whether something was found wrong with the value at path.
func (d *Document) faulty(path Path) bool {
	n, key, ok := d.find(path)
	if !ok {
		return false
	}
	p := d.place(n, key)
	return d.unfilled[d.resolve(n)] || slices.ContainsFunc(d.faults, func(e *Error) bool {
		return e.Line == p.Line && e.Column == p.Column
	})
}

// oneOf judges a value that has to be among those allowed.
func (d *Document) oneOf(at Path, value string, allowed ...string) bool {
	if slices.Contains(allowed, value) {
		return true
	}
	d.judge(at, d.quote(at, value)+" isn't one of "+strings.Join(allowed, ", ")).Hint = d.near(at, value, allowed)
	return false
}

// missing are those of keys that the group at path needs and hasn't, without
// those that another one is most likely a slip of.
func (d *Document) missing(at Path, keys ...string) []string {
	return slices.DeleteFunc(keys, func(key string) bool {
		return d.given(slices.Concat(at, At(key))) || d.slip(at, key)
	})
}

// slip reports whether the group at path has a key that is most likely a slip
// of this one.
func (d *Document) slip(at Path, key string) bool {
	return slices.ContainsFunc(d.keys(at), func(name string) bool {
		return name != key && Nearest(name, []string{key}) != ""
	})
}

// isGroup reports whether there is a group of keys at path.
func (d *Document) isGroup(at Path) bool {
	n, _, ok := d.find(at)
	return ok && isGroup(d.resolve(n))
}

// noTime says what is wrong with a length of time that has to be one.
func noTime(length time.Duration) string {
	if length > 0 {
		return ""
	}
	return "this has to be longer than nothing"
}

// outside says what is wrong with a number that isn't from 1 to most.
func outside(n, most int) string {
	if n >= 1 && n <= most {
		return ""
	}
	return fmt.Sprintf("this has to be from 1 to %d", most)
}

// catalogue is the embedded one, in its order.
var catalogue = sync.OnceValues(func() ([]Source, error) {
	data, err := fs.ReadFile(FS(), "sources.yaml")
	if err != nil {
		return nil, err
	}
	doc := Open("sources.yaml (built in)", data)
	var all []Source
	for _, found := range readSources(doc) {
		checkSource(found)
		all = append(all, found.Source)
	}
	return all, doc.Err()
})

// Catalogue gives the embedded sources, in their order.
func Catalogue() ([]Source, error) {
	all, err := catalogue()
	return slices.Clone(all), err
}

// cause is why a file operation failed, without the path, which the message
// names already.
func cause(err error) string {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file or folder"
	case errors.As(err, &path):
		return path.Err.Error()
	}
	return err.Error()
}

// names are a map's keys in order.
func names[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
