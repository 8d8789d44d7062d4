package newsroom

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"

	"driftwatch/news"
	"driftwatch/newsroom/sink"
)

// Setup is what a driftwatch.yaml for the newsroom has besides its outlets.
type Setup struct {
	Store string // path of the database

	// Sinks receive the alerts: channels desk-slack, desk-mail and desk-hook,
	// each with a route of its name that takes everything; in a week, desk-mail
	// takes Kyrgyzstan alone. Nil: the channel is stdout.
	Sinks *sink.Sinks

	HostInterval time.Duration // least time between two requests to one outlet; 0: 10 ms
	Timeout      time.Duration // for one request; 0: 30 s
	Concurrency  int           // 0: 16

	// Desk is a folder for what the review desk writes: rules into themes, sources that
	// are added into sources.yaml. Empty: it writes none.
	Desk string
}

// WriteConfig writes a driftwatch.yaml that watches the newsroom. Every source
// is due again at once, and a first poll is alerted.
func (n *Newsroom) WriteConfig(w io.Writer, s Setup) error {
	if s.HostInterval == 0 {
		s.HostInterval = 10 * time.Millisecond
	}
	if s.Timeout == 0 {
		s.Timeout = 30 * time.Second
	}
	if s.Concurrency == 0 {
		s.Concurrency = 16
	}
	if s.Desk != "" {
		if err := makeDesk(s.Desk); err != nil {
			return fmt.Errorf("make a folder for the desk: %w", err)
		}
	}
	err := setupTemplate.Execute(w, struct {
		Setup
		Sources []news.Source
		Week    bool
	}{s, n.Sources(), n.stories != nil})
	if err != nil {
		return fmt.Errorf("write the newsroom's configuration: %w", err)
	}
	return nil
}

// makeDesk makes the folder that the desk writes into.
func makeDesk(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "themes"), 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "sources.yaml"), []byte("# Sources that were added in the review desk.\nsources: []\n"), 0o600)
}

// setupTemplate is the file. Strings are written in JSON, which is YAML.
var setupTemplate = template.Must(template.New("driftwatch.yaml").Funcs(template.FuncMap{
	"q": quoted, "join": filepath.Join,
}).ParseFS(templateFiles, "templates/driftwatch.yaml"))

// quoted is a value as JSON with nothing left for the configuration to expand.
func quoted(v any) (string, error) {
	b, err := json.Marshal(v)
	return strings.ReplaceAll(string(b), "$", "$$"), err
}
