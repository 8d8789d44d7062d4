package configs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func noEnv(string) (string, bool) { return "", false }

// write puts a configuration into a folder of its own and gives its path.
func write(t *testing.T, text string) string {
	t.Helper()
	return writeIn(t, t.TempDir(), FileName, text)
}

func writeIn(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func load(t *testing.T, text string) *Config {
	t.Helper()
	c, err := Load(write(t, text), testEnv)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLoadDefaults(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"embedded":   "",
		"empty file": write(t, ""),
		"keys only":  write(t, "store:\nnetwork:\n  contact:\nsources:\nthemes:\nstories:\nalerts:\nchannels:\nroutes:\nserve:\n"),
	} {
		c, err := Load(file, noEnv)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := &Config{
			File:    file,
			Store:   StoreConfig{Keep: Keep{Articles: 365 * day, Pages: 90 * day, Cycles: 90 * day}},
			Archive: Archive{Pages: PagesFlagged, FileSize: 256, Looks: []time.Duration{time.Hour, 6 * time.Hour, day, 7 * day, 30 * day}},
			Network: Network{Concurrency: 16, HostInterval: time.Second, Timeout: 30 * time.Second},
			Stories: Stories{EventWindow: 7 * 24 * time.Hour, TextWindow: 90 * 24 * time.Hour},
			Alerts:  Alerts{MaxAge: 48 * time.Hour, FirstPoll: FirstPollQuiet},
			Serve:   Serve{Listen: "127.0.0.1:9105", Interval: 5 * time.Minute, Desk: Desk{Listen: "127.0.0.1:9106"}},

			Operator: Operator{At: Clock{7 * 60}, Silence: 24 * time.Hour, Disk: 5, Pending: 100, Stall: 2 * time.Hour},
			Feeds:    Feeds{Days: 14, Limit: 200},
		}
		if !reflect.DeepEqual(c.Sources, all) {
			t.Errorf("%s: %d sources, not the %d of the catalogue", name, len(c.Sources), len(all))
		}
		if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "network.contact") {
			t.Errorf("%s: the warnings are %q", name, c.Warnings)
		}
		c.Sources, c.Warnings, c.checkThemes, c.checkSignals, c.Network.Allow, c.Network.SameHost = nil, nil, nil, nil, nil, nil
		if len(c.Channels) != 0 {
			t.Errorf("%s: there are channels", name)
		}
		c.Channels = nil
		if !reflect.DeepEqual(c, want) {
			t.Errorf("%s: got %+v, want %+v", name, c, want)
		}
	}
}

func TestLoadEverything(t *testing.T) {
	dir := t.TempDir()
	writeIn(t, dir, "packs/themes/own.yaml", "")
	writeIn(t, dir, "more/list.yaml", "- {id: in-a-file, name: In a File, country: UZ, languages: [uz-Cyrl], kind: feed, url: 'https://file.example.org/$x$$'}\n")
	writeIn(t, dir, "more/keyed.yaml", "sources:\n  - {id: keyed, name: Keyed, country: INT, languages: [en], kind: telegram, url: 'https://t.me/s/keyed'}\n")
	writeIn(t, dir, "password", "  pass word\n\n")
	file := writeIn(t, dir, "x.yaml", `
store: {path: data/d.db}
network:
  contact: ${CONTACT}
  allow: [10.0.0.7/8, 127.0.0.1]
  concurrency: ${LEVEL}
  host_interval: 0s
  timeout: 1m
  proxy: socks5://desk:${SECRET}@proxy.example.org:1080
sources:
  - builtin: [kabar, 24-kg]
  - id: own
    name: "$$ ${LEVEL}"
    country: KZ
    languages: [ru, kk]
    kind: site
    url: http://own.example.org/news
    homepage: http://own.example.org
    ownership: exile
    fulltext: always
    interval: 1h30m
    user_agent: Mozilla/5.0 (compatible)
    links: {allow: ['/news/\d+$'], deny: [/tag/]}
    selectors: {title: h1, text: "article p, .lead", date: time}
    enabled: false
    note: A note.
  - file: more/list.yaml
  - file: `+dir+`/more/keyed.yaml
themes: [packs]
alerts: {max_age: 3d, first_poll: alert}
channels:
  desk: {type: slack, webhook_url: "https://hooks.example.org/${SECRET}", timeout: 5s}
  mail:
    type: mail
    host: smtp.example.org
    username: desk
    password: ${file:password}
    from: Driftwatch <driftwatch@example.org>
    to: [a@example.org, "${CONTACT}"]
  plain: {type: mail, host: 127.0.0.1, port: 2525, tls: none, from: a@example.org, to: [b@example.org]}
  closed: {type: mail, host: smtp.example.org, tls: implicit, from: a@example.org, to: [b@example.org]}
  hook: {type: webhook, url: 'http://127.0.0.1:8080/x', secret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz}
  out: {type: stdout}
routes:
  - {name: first, themes: [csto, my-own], countries: [KZ, TM], min_level: 3, to: [desk, mail]}
  - to: [desk]
  - {to: [desk], min_level: 4}
  - {to: [plain, hook, closed]}
  - {}
serve: {listen: "[::1]:0", interval: 1m}
`)
	c, err := Load(file, testEnv)
	if err != nil {
		t.Fatal(err)
	}
	if c.Store.Path != filepath.Join(dir, "data/d.db") || !slices.Equal(c.Themes, []string{filepath.Join(dir, "packs")}) {
		t.Errorf("the paths are %q and %q", c.Store.Path, c.Themes)
	}
	network := Network{
		Contact: "desk@example.org", Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32")},
		Concurrency: 3, Timeout: time.Minute, Proxy: "socks5://desk:HUNTER2@proxy.example.org:1080",
	}
	if !reflect.DeepEqual(c.Network, network) {
		t.Errorf("the network is %+v", c.Network)
	}
	if c.Alerts != (Alerts{MaxAge: 72 * time.Hour, FirstPoll: FirstPollAlert}) || !reflect.DeepEqual(c.Serve, Serve{Listen: "[::1]:0", Interval: time.Minute, Desk: Desk{Listen: "127.0.0.1:9106"}}) {
		t.Errorf("got %+v and %+v", c.Alerts, c.Serve)
	}
	checkSources(t, c.Sources)
	checkChannels(t, c.Channels)
	checkRoutes(t, c.Routes)
	if len(c.Warnings) != 0 {
		t.Errorf("the warnings are %q", c.Warnings)
	}
}

func checkSources(t *testing.T, sources []Source) {
	t.Helper()
	var ids []string
	for _, s := range sources {
		ids = append(ids, s.ID)
	}
	if want := []string{"24-kg", "kabar", "own", "in-a-file", "keyed"}; !slices.Equal(ids, want) {
		t.Fatalf("the sources are %q, want %q", ids, want)
	}
	own := Source{
		ID: "own", Name: "$ 3", Country: "KZ", Languages: []string{"ru", "kk"}, Kind: "site", URL: "http://own.example.org/news",
		Homepage: "http://own.example.org", Ownership: "exile", Fulltext: "always", Interval: 90 * time.Minute,
		UserAgent: "Mozilla/5.0 (compatible)", Links: Links{Allow: []string{`/news/\d+$`}, Deny: []string{"/tag/"}},
		Selectors: Selectors{"h1", "article p, .lead", "time"}, Note: "A note.",
	}
	if !reflect.DeepEqual(sources[2], own) {
		t.Errorf("got %+v, want %+v", sources[2], own)
	}
	file := Source{
		ID: "in-a-file", Name: "In a File", Country: "UZ", Languages: []string{"uz-Cyrl"}, Kind: "feed",
		URL: "https://file.example.org/$x$", Fulltext: "auto", Interval: 15 * time.Minute, Enabled: true,
	}
	if !reflect.DeepEqual(sources[3], file) {
		t.Errorf("got %+v, want %+v", sources[3], file)
	}
}

func checkChannels(t *testing.T, channels map[string]Channel) {
	t.Helper()
	const half = 30 * time.Second
	want := map[string]Channel{
		"desk": {Type: ChannelSlack, Timeout: 5 * time.Second, Pace: time.Second, WebhookURL: "https://hooks.example.org/HUNTER2"},
		"mail": {
			Type: ChannelMail, Timeout: half, Host: "smtp.example.org", Port: 587, TLS: TLSStartTLS, Username: "desk", Password: "  pass word\n",
			From: "Driftwatch <driftwatch@example.org>", To: []string{"a@example.org", "desk@example.org"},
		},
		"plain":  {Type: ChannelMail, Timeout: half, Host: "127.0.0.1", Port: 2525, TLS: TLSNone, From: "a@example.org", To: []string{"b@example.org"}},
		"closed": {Type: ChannelMail, Timeout: half, Host: "smtp.example.org", Port: 465, TLS: TLSImplicit, From: "a@example.org", To: []string{"b@example.org"}},
		"hook":   {Type: ChannelWebhook, Timeout: half, URL: "http://127.0.0.1:8080/x", Secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"},
		"out":    {Type: ChannelStdout, Timeout: half},
	}
	for name, c := range want {
		if !reflect.DeepEqual(channels[name], c) {
			t.Errorf("channel %s isn't what was written", name)
		}
	}
	if len(channels) != len(want) {
		t.Errorf("there are %d channels", len(channels))
	}
}

func checkRoutes(t *testing.T, routes []Route) {
	t.Helper()
	all := []string{"closed", "desk", "hook", "mail", "out", "plain"}
	from := func(level int) Match { return Match{MinLevel: level, MaxLevel: 5} }
	first := from(3)
	first.Themes, first.Countries = []string{"csto", "my-own"}, []string{"KZ", "TM"}
	want := []Route{
		{Name: "first", Match: first, To: []string{"desk", "mail"}},
		{Name: "desk", Match: from(1), To: []string{"desk"}},
		{Name: "desk-2", Match: from(4), To: []string{"desk"}},
		{Name: "plain+hook+closed", Match: from(1), To: []string{"plain", "hook", "closed"}},
		{Name: strings.Join(all, "+"), Match: from(1), To: all},
	}
	if !reflect.DeepEqual(routes, want) {
		t.Errorf("got %+v, want %+v", routes, want)
	}
}

func TestDefaultRoute(t *testing.T) {
	c := load(t, "channels: {b: {type: stdout}, a: {type: stdout}}")
	if want := []Route{{Name: "all", Match: Match{MinLevel: 1, MaxLevel: 5}, To: []string{"a", "b"}}}; !reflect.DeepEqual(c.Routes, want) {
		t.Errorf("got %+v, want %+v", c.Routes, want)
	}
	c = load(t, "channels: {a: {type: stdout}}\nroutes: []")
	if len(c.Routes) != 0 {
		t.Errorf("there are routes: %+v", c.Routes)
	}
}

func TestBuiltinSources(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"sources: [{builtin: all}]":                             len(all),
		"sources: [{builtin: all, except: [24-kg, kabar]}]":     len(all) - 2,
		"sources: [{builtin: [24-kg, kabar]}]":                  2,
		"sources: [{builtin: [24-kg]}, {builtin: [kabar]}]":     2,
		"sources: [{builtin: [24-kg, kabar], except: [24-kg]}]": 1,
		"sources: []": 0,
		"sources: [{builtin: [tengrinews-telegram, tengrinews]}]": 2,
	} {
		if c := load(t, text); len(c.Sources) != want {
			t.Errorf("%s: %d sources, want %d", text, len(c.Sources), want)
		}
	}
}

func TestWarnings(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"network: {contact: ''}", "network.contact isn't set"},
		{"sources: []", "nothing will be polled"},
		{"sources: [{builtin: [informburo]}]", "informburo is switched off: The address"},
		{"channels: {a: {type: slack, webhook_url: 'http://hooks.example.org/'}}", "channel a is posted to over http"},
		{"channels: {a: {type: webhook, url: 'https://example.org', secret: whsec_MDEy}}", "channel a is signed with a secret shorter than 24 bytes"},
		{"channels: {a: {type: mail, host: smtp.example.org, tls: none, username: x, password: y, from: a@b.example, to: [a@b.example]}}", "channel a sends its password without TLS"},
		{"channels: {a: {type: stdout}, b: {type: stdout}}\nroutes: [{to: [b]}]", "no route leads to channel a"},
	} {
		if all := strings.Join(load(t, c.text).Warnings, "\n"); !strings.Contains(all, c.want) {
			t.Errorf("%s: no %q in %q", c.text, c.want, all)
		}
	}
}

func TestCheckThemes(t *testing.T) {
	dir := t.TempDir()
	file := writeIn(t, dir, FileName, "themes: [.]\nchannels: {a: {type: stdout}}\nroutes:\n  - themes: [watr, csto]\n  - themes: [\"${SECRET}\"]\n")
	c, err := Load(file, testEnv)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // asking changes nothing
		got := c.CheckThemes([]string{"csto", "water"}).Error()
		for _, want := range []string{":4:14: no pack has the theme \"watr\"\n", "did you mean water?", ":5:14: no pack has the theme [secret]\n"} {
			if strings.Count(got, want) != 1 {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
	}
	if err := c.CheckThemes([]string{"csto", "watr", "HUNTER2"}); err != nil {
		t.Error(err)
	}
}

// What is missing is named, with the place that names it.
func TestMissingFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "no.yaml"), noEnv)
	var faults Errors
	if !errors.As(err, &faults) || !strings.Contains(err.Error(), "no.yaml: the configuration can't be read: there is no such file") {
		t.Errorf("got %v", err)
	}
	var one *Error
	if !errors.As(err, &one) || one.Line != 0 {
		t.Errorf("no single fault in %v", err)
	}
	if _, err := Load(t.TempDir(), noEnv); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a folder gives %v", err)
	}
}

// However a configuration is printed, no secret comes out.
func TestSecretsAreNotPrinted(t *testing.T) {
	c := load(t, `
network: {proxy: "http://desk:hunter2@proxy.example.org"}
channels:
  a: {type: slack, webhook_url: https://hunter2.example.org/}
  b: {type: mail, host: hunter2.example.org, username: hunter2, password: hunter2, from: hunter2@example.org, to: [hunter2@example.org]}
  c: {type: webhook, url: https://hunter2.example.org/, secret: whsec_aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMg==}
`)
	for _, v := range []any{c, *c, c.Channels, c.Channels["a"], c.Channels["c"].Secret, c.Network.Proxy, []Secret{"hunter2"}} {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%20v"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		for _, word := range []string{"hunter2", "68756e74657232", "68756E74657232", "aHVudGVyMm"} {
			if at := strings.Index(out.String(), word); at >= 0 {
				t.Errorf("%T is printed with its secret: %q", v, out.String()[max(at-60, 0):at+len(word)])
			}
		}
	}
	if got := fmt.Sprintf("%v %q %s", Secret("x"), Secret("x"), Secret("")); got != "[secret] [secret] " {
		t.Errorf("a secret is printed as %q", got)
	}
	if got := c.Channels["a"].String(); got != "[secret]" {
		t.Errorf("a channel is %q", got)
	}
	if !Secret("x").IsSet() || Secret("").IsSet() || Secret("x").Reveal() != "x" {
		t.Error("a secret doesn't keep its value")
	}
}

func TestExpand(t *testing.T) {
	dir := t.TempDir()
	writeIn(t, dir, "plain", "value\n")
	writeIn(t, dir, "windows", "value\r\n")
	writeIn(t, dir, "dollars", "${CONTACT}$$")
	writeIn(t, dir, "large", strings.Repeat("x", maxSecret+1))
	expand := expander(testEnv, dir, func(string) {})
	for _, c := range []struct{ text, want, problem string }{
		{"", "", ""},
		{"nothing", "nothing", ""},
		{"${LEVEL}", "3", ""},
		{"a${LEVEL}b${LEVEL}", "a3b3", ""},
		{"$$", "$", ""},
		{"$${LEVEL}", "${LEVEL}", ""},
		{"$$${LEVEL}", "$3", ""},
		{"$", "$", ""},
		{"a$b $1 x$", "a$b $1 x$", ""},
		{"${file:plain}", "value", ""},
		{"${file:windows}", "value", ""},
		{"${file:" + dir + "/plain}.", "value.", ""},
		{"${file:dollars}", "${CONTACT}$$", ""}, // what is filled in isn't read again
		{"${NOPE}", "", "the environment variable NOPE isn't set"},
		{"${}", "", "between ${ and }"},
		{"${a-b}", "", "between ${ and }"},
		{"${LEVEL:-5}", "", "between ${ and }"},
		{"x ${LEVEL", "", "no closing }"},
		{"${file:}", "", "the path of a file"},
		{"${file:nope}", "", "the file nope can't be read: there is no such file"},
		{"${file:large}", "", "the file large is larger than 64 KiB"},
		{"${file:.}", "", "the file . can't be read"},
	} {
		got, err := expand(c.text)
		switch {
		case c.problem == "" && (err != nil || got != c.want):
			t.Errorf("%q gives %q, %v, want %q", c.text, got, err, c.want)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
			t.Errorf("%q gives %v, want %q", c.text, err, c.problem)
		}
	}
}

// A text with every dollar doubled comes out as it was.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"", "a$b", "${X}", "$${", "${file:/x}$"} {
		f.Add(seed)
	}
	expand := expander(noEnv, "/nowhere", func(string) {})
	f.Fuzz(func(t *testing.T, text string) {
		got, err := expand(strings.ReplaceAll(text, "$", "$$"))
		if err != nil || got != text {
			t.Errorf("%q gives %q, %v", text, got, err)
		}
		if _, err := expand(text); err != nil && err.(*expandError).offset >= len(text) {
			t.Errorf("%q has a fault at %d", text, err.(*expandError).offset)
		}
	})
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	at := func(name string) string { return writeIn(t, root, name, "") }
	flag, env := at("flag.yaml"), at("env.yaml")
	xdg, home, passwd, system := at("xdg/driftwatch/driftwatch.yaml"), at("home/.config/driftwatch/driftwatch.yaml"), at("passwd/.config/driftwatch/driftwatch.yaml"), at("etc/driftwatch/driftwatch.yaml")
	work := filepath.Dir(at("work/driftwatch.yaml"))
	empty := t.TempDir()
	for _, c := range []struct {
		name, dir, flag string
		env             map[string]string
		passwd, etc     string
		want            string
	}{
		{"the flag before all", work, flag, map[string]string{"DRIFTWATCH_CONFIG": env}, "", "", flag},
		{"the variable", work, "", map[string]string{"DRIFTWATCH_CONFIG": env}, "", "", env},
		{"the folder one stands in", work, "", map[string]string{"XDG_CONFIG_HOME": root + "/xdg"}, "", root + "/etc", "driftwatch.yaml"},
		{"the user's, by XDG", empty, "", map[string]string{"XDG_CONFIG_HOME": root + "/xdg", "HOME": root + "/home"}, "", root + "/etc", xdg},
		{"a relative XDG folder counts for nothing", empty, "", map[string]string{"XDG_CONFIG_HOME": "xdg", "HOME": root + "/home"}, "", root + "/etc", home},
		{"the user's, by home", empty, "", map[string]string{"HOME": root + "/home"}, "", root + "/etc", home},
		{"the user's, in cron", empty, "", nil, root + "/passwd", root + "/etc", passwd},
		{"the system's", empty, "", map[string]string{"HOME": empty}, "", root + "/etc", system},
		{"no home at all", empty, "", nil, "", root + "/etc", system},
		{"a folder of that name is no file", empty, "", map[string]string{"HOME": root + "/xdg"}, "", root + "/xdg/driftwatch/driftwatch.yaml", ""},
		{"none", empty, "", nil, "", empty, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(c.dir)
			getenv := func(name string) (string, bool) { v, ok := c.env[name]; return v, ok }
			got, err := find(c.flag, getenv, func() string { return c.passwd }, c.etc)
			if err != nil || got != c.want {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestFindWhatIsNamed(t *testing.T) {
	dir := t.TempDir()
	nope := filepath.Join(dir, "nope.yaml")
	_, err := Find(nope, noEnv)
	if err == nil || !strings.Contains(err.Error(), nope+": the configuration that --config names can't be read: there is no such file") {
		t.Errorf("got %v", err)
	}
	_, err = Find("", func(name string) (string, bool) { return nope, name == "DRIFTWATCH_CONFIG" })
	if err == nil || !strings.Contains(err.Error(), nope+": the configuration that $DRIFTWATCH_CONFIG names can't be read: there is no such file") {
		t.Errorf("got %v", err)
	}
	if _, err := Find(dir, noEnv); err == nil || !strings.Contains(err.Error(), "names is a folder") {
		t.Errorf("got %v", err)
	}
}

func TestInit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	written, err := Init(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"driftwatch.yaml", "sources.yaml", "themes/README.md", "lexicon/README.md"} {
		if !slices.Contains(written, filepath.Join(dir, name)) {
			t.Errorf("%s isn't among %q", name, written)
		}
	}
	if stat, err := os.Stat(filepath.Join(dir, FileName)); err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("others may read %v, %v", stat, err)
	}
	mine, err := Load(filepath.Join(dir, FileName), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := Load("", noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(mine.Sources, embedded.Sources) || !reflect.DeepEqual(mine.Warnings, embedded.Warnings) {
		t.Error("what was written isn't what is embedded")
	}
	if want := []string{filepath.Join(dir, "themes"), filepath.Join(dir, "lexicon")}; !slices.Equal(mine.Themes, want) {
		t.Errorf("the packs are in %q, want %q", mine.Themes, want)
	}
	checkInitAgain(t, dir, written)
}

// checkInitAgain sees that files are kept unless they may be overwritten.
func checkInitAgain(t *testing.T, dir string, written []string) {
	t.Helper()
	config := written[0]
	if err := os.WriteFile(config, []byte("# mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, file := range written[2:] {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Init(dir, false)
	if err == nil || !strings.Contains(err.Error(), "already there: "+config+", "+written[1]+"; nothing was written") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(written[2]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s was written: %v", written[2], err)
	}
	if _, err := Init(dir, true); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(config)
	if err != nil || strings.HasPrefix(string(data), "# mine") {
		t.Errorf("%s wasn't overwritten: %v", config, err)
	}
	if stat, err := os.Stat(config); err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("others may read %v, %v", stat, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".driftwatch-*")); err != nil || len(left) > 0 {
		t.Errorf("left over: %q, %v", left, err)
	}
}

func TestInitFails(t *testing.T) {
	file := write(t, "")
	if _, err := Init(file, false); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("got %v", err)
	}
}

// Each key of the configuration is explained in the embedded file, and the
// examples in it work.
func TestEmbeddedFileExplains(t *testing.T) {
	data, err := fs.ReadFile(FS(), FileName)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, key := range append(keysOf(reflect.TypeFor[configFile]()), keysOf(reflect.TypeFor[Channel]())...) {
		if !regexp.MustCompile(`(?m)^[ #-]*`+key+":").MatchString(text) && !strings.Contains(text, "`"+key+"`") {
			t.Errorf("%s isn't explained", key)
		}
	}
	examples := regexp.MustCompile(`(?m)^# ( .*|)$`).ReplaceAllString(text[strings.Index(text, "channels: {}"):strings.Index(text, "# For `driftwatch serve`")], "$1")
	examples = strings.Replace(examples, "channels: {}", "channels:", 1)
	examples = strings.ReplaceAll(examples, "# routes:", "routes:")
	examples = strings.ReplaceAll(examples, "# digests:", "digests:")
	examples = strings.Replace(examples, "${file:/etc/driftwatch/smtp-password}", "${SECRET}", 1)
	env := map[string]string{
		"SLACK_WEBHOOK_URL": "https://hooks.example.org/", "SMTP_USER": "x", "SECRET": "x",
		"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SHOUTRRR_URL": "ntfy://ntfy.example/x",
		"DRIFTWATCH_WEBHOOK_SECRET": "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz",
	}
	c, err := Load(write(t, examples), func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, examples)
	}
	if len(c.Channels) != 6 || len(c.Routes) != 2 || len(c.Digests) != 2 {
		t.Errorf("there are %d channels, %d routes and %d digests in\n%s", len(c.Channels), len(c.Routes), len(c.Digests), examples)
	}
}

// keysOf are the keys of a type and of those in it.
func keysOf(t reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[netip.Prefix]() {
		return nil
	}
	var all []string
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("yaml")
		if tag == "" {
			continue
		}
		if key, _, _ := strings.Cut(tag, ","); key != "" {
			all = append(all, key)
		}
		if in := t.Field(i).Type; in != reflect.SliceOf(t) { // routes are in routes
			all = append(all, keysOf(in)...)
		}
	}
	return all
}

func TestArchive(t *testing.T) {
	file := filepath.Join(t.TempDir(), "driftwatch.yaml")
	text := "store: {keep: {articles: 0s, cycles: 1d}}\narchive: {pages: all, path: pages, file_size: 1, looks: []}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	if a := c.Archive; a.Pages != PagesAll || a.Path != filepath.Join(filepath.Dir(file), "pages") || a.FileSize != 1 || len(a.Looks) != 0 {
		t.Errorf("the archive is %+v", a)
	}
	if k := c.Store.Keep; k != (Keep{0, 90 * day, day}) {
		t.Errorf("kept are %+v", k)
	}
}
