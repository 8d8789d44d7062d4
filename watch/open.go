package watch

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/crawler/fetch"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/rules/theme"
	"driftwatch/store"
	"driftwatch/store/sqlite"
)

// Settings is what a Watch is made with, besides its configuration.
type Settings struct {
	Version  string // for the User-Agent
	Database string // in place of the configuration's
	Now      func() time.Time
	Log      *slog.Logger
	Location *time.Location // in which messages show times
	Stdout   io.Writer      // where channels of type stdout write
	Listens  bool           // the buttons of Slack's messages are heard

	// Reread reads the configuration again, so that a daemon takes over sources that
	// were added while it runs; nil: it doesn't.
	Reread func() (*configs.Config, error)
}

// Channels is what channels need beside their own settings.
func (s Settings) Channels() alert.Options {
	return alert.Options{Zone: s.Location, Out: s.Stdout, UserAgent: "Driftwatch/" + s.Version, Now: s.Now, Listens: s.Listens}
}

// Open makes a Watch of a configuration. Close it.
func Open(ctx context.Context, c *configs.Config, s Settings) (*Watch, error) {
	file := s.Database
	if file == "" {
		var err error
		if file, err = DatabaseFile(c, os.LookupEnv); err != nil {
			return nil, err
		}
	}
	w, err := New(c, s)
	if err != nil {
		return nil, err
	}
	if w.Store, err = OpenStore(ctx, file); err != nil {
		w.Fetch.Close()
		return nil, err
	}
	w.Database = file
	w.Evidence = EvidenceOf(c, file)
	return w, nil
}

// New makes a Watch without a store, for what only asks the network.
func New(c *configs.Config, s Settings) (*Watch, error) {
	channels, err := alert.OpenAll(c.Channels, s.Channels())
	if err != nil {
		return nil, err
	}
	pace := make(map[string]time.Duration, len(c.Channels))
	manners := make(map[string]configs.Manner, len(c.Channels))
	for name, ch := range c.Channels {
		pace[name], manners[name] = ch.Pace, ch.Manner()
	}
	client, err := fetch.New(fetch.Config{
		UserAgent: "Driftwatch/" + s.Version, Contact: c.Network.Contact,
		Concurrency: c.Network.Concurrency, HostInterval: c.Network.HostInterval, SameHost: c.Network.SameHost,
		Timeout: c.Network.Timeout, Policy: guard.Policy{Allow: c.Network.Allow},
		Proxy: c.Network.Proxy.Reveal(),
	})
	if err != nil {
		return nil, err
	}
	w := &Watch{
		Fetch:    client,
		Rules:    NewRulebook(c),
		Router:   alert.NewRouter(c.Routes, c.Channels),
		Channels: channels, Pace: pace, Manners: manners, Digests: c.Digests,
		Operator: c.Operator, Feeds: c.Feeds, Zone: s.Location, Sources: Sources(c),
		EventWindow: c.Stories.EventWindow, TextWindow: c.Stories.TextWindow,
		MaxAge: c.Alerts.MaxAge, AlertFirstPoll: c.Alerts.FirstPoll == configs.FirstPollAlert,
		Concurrency: c.Network.Concurrency, Hide: c.Hide,
		Now: s.Now, Log: s.Log,
	}
	w.Drift = w.digestDrift
	w.Reread, w.configured = s.Reread, filesOfConfig(c)
	w.seen = stamps(w.configured)
	if n := len(c.Files); n > 0 {
		w.SourceFile = c.Files[n-1]
	}
	return w, nil
}

// Close frees what the Watch holds.
func (w *Watch) Close() error {
	w.proxies.close()
	w.Fetch.Close()
	if w.Store == nil {
		return nil
	}
	return w.Store.Close()
}

// LoadRules compiles the embedded packs and those in the configuration's
// folders, which replace what has the same id; then it sees that the routes
// name themes and signals that there are. The error is a configs.Errors with every fault.
func LoadRules(c *configs.Config) (*rules.Engine, error) {
	engine, err := loadPacks(c.Themes)
	if err != nil {
		return nil, err
	}
	return engine, fitsRoutes(c, engine)
}

func loadPacks(folders []string) (*rules.Engine, error) {
	if len(folders) == 0 {
		return embedded()
	}
	packs := []fs.FS{configs.FS()}
	for _, dir := range folders {
		packs = append(packs, theme.Open(dir))
	}
	return rules.Load(packs...)
}

// embedded are the packs that come with the program, which never change while it
// runs: they are compiled once, however many ask for them.
var embedded = sync.OnceValues(func() (*rules.Engine, error) { return rules.Load(configs.FS()) })

// fitsRoutes sees that the routes name themes and signals that there are.
func fitsRoutes(c *configs.Config, engine *rules.Engine) error {
	if err := c.CheckThemes(engine.Themes()); err != nil {
		return err
	}
	var signals []string
	for _, s := range engine.Signals() {
		signals = append(signals, s.ID)
	}
	return c.CheckSignals(signals)
}

// OpenStore opens the database, and makes or migrates it where needed.
func OpenStore(ctx context.Context, file string) (store.Store, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	return sqlite.Open(ctx, file, sqlite.Options{})
}

// DatabaseFile is where the database is: the configuration's store.path, else
// driftwatch/driftwatch.db in the user's data folder ($XDG_DATA_HOME, else
// ~/.local/share), else, where there is no home (cron, a service), in /var/lib.
func DatabaseFile(c *configs.Config, getenv func(string) (string, bool)) (string, error) {
	if c.Store.Path != "" {
		return c.Store.Path, nil
	}
	const name = "driftwatch/driftwatch.db"
	if dir, ok := getenv("XDG_DATA_HOME"); ok && filepath.IsAbs(dir) {
		return filepath.Join(dir, name), nil
	}
	home, ok := getenv("HOME")
	if !ok || home == "" {
		home = homeFromPasswd()
	}
	if filepath.IsAbs(home) && home != "/" {
		return filepath.Join(home, ".local/share", name), nil
	}
	return filepath.Join("/var/lib", name), nil
}

// Sources are the configuration's, in the words of the house.
func Sources(c *configs.Config) []news.Source {
	out := make([]news.Source, len(c.Sources))
	for i, s := range c.Sources {
		zone, _ := s.Zone() // what is no zone was refused when the configuration was read
		out[i] = news.Source{
			ID: s.ID, Name: s.Name, Country: s.Country, Languages: s.Languages, Zone: zone,
			Kind: news.Kind(s.Kind), URL: s.URL, Mirrors: s.Mirrors, Proxy: s.Proxy.Reveal(), Homepage: s.Homepage, Ownership: s.Ownership,
			Fulltext: news.Fulltext(s.Fulltext), Interval: s.Interval, UserAgent: s.UserAgent,
			Links: news.LinkRules(s.Links), Selectors: news.Selectors(s.Selectors), JSON: news.JSONPaths(s.JSON),
			Priority: news.Priority(s.Priority), Enabled: s.Enabled, Leaning: s.Leaning, PerDay: s.PerDay, Note: s.Note,
		}
		if shown := c.Hide(s.URL); shown != s.URL {
			out[i].Shown = shown
		}
	}
	return out
}
