package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"driftwatch/news"
)

// feedPort is where the sources are served, each on an address of its own, so that
// each has its own pace.
const feedPort = "18099"

// fresh is how many items a feed has, new ones each time that it is asked for.
const fresh = 10

func sourceHost(i int) string { return fmt.Sprintf("127.81.%d.%d", i/250, i%250+1) }

// madeUp are the sources.
func madeUp() []news.Source {
	countries := append([]string{"INT"}, news.Countries...)
	out := make([]news.Source, outlets)
	for i := range out {
		url := "http://" + net.JoinHostPort(sourceHost(i), feedPort) + "/feed.xml"
		out[i] = news.Source{ID: fmt.Sprintf("outlet-%03d", i), Name: fmt.Sprintf("Outlet %d", i), Country: countries[i%len(countries)],
			Languages: []string{alphabets[i%len(alphabets)].lang}, Kind: news.KindFeed, URL: url, Enabled: true}
	}
	return out
}

// press serves the sources' feeds and takes what the channels send.
type press struct {
	tongues []tongue
	flagged map[string][]sample
	asked   atomic.Int64
	told    atomic.Int64
}

// serve serves until ctx ends.
func (p *press) serve(ctx context.Context, sources []news.Source) (wait func() error, err error) {
	var g errgroup.Group
	ctx, stop := context.WithCancel(ctx)
	for i, s := range sources {
		l, err := net.Listen("tcp", net.JoinHostPort(sourceHost(i), feedPort))
		if err != nil {
			stop()
			return nil, fmt.Errorf("serve the feed of %s: %w", s.ID, err)
		}
		server := &http.Server{Handler: p.outlet(s), ReadHeaderTimeout: time.Minute}
		g.Go(func() error {
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
		context.AfterFunc(ctx, func() { server.Close() })
	}
	return func() error {
		stop()
		return g.Wait()
	}, nil
}

// outlet serves one source's feed, with other items each time.
func (p *press) outlet(s news.Source) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /hook", func(http.ResponseWriter, *http.Request) { p.told.Add(1) })
	mux.HandleFunc("GET /feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		n := p.asked.Add(1)
		r := rand.New(rand.NewPCG(uint64(n), uint64(time.Now().UnixNano())))
		var of tongue
		for _, t := range p.tongues {
			if t.lang == s.Languages[0] {
				of = t
			}
		}
		by := newWriter(of, r)
		var b strings.Builder
		fmt.Fprintf(&b, `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>%s</title><link>%s</link><description>Made-up news</description>`, s.Name, s.URL)
		for i := range fresh {
			flagged := ""
			if cases := p.flagged[of.lang]; i == 0 && len(cases) > 0 {
				flagged = cases[r.IntN(len(cases))].text
			}
			at := time.Now().Add(-time.Duration(i) * time.Minute)
			fmt.Fprintf(&b, "<item><title>%s</title><link>%s/%d-%d-%d</link><pubDate>%s</pubDate><description>%s</description></item>",
				by.title(), s.URL, at.UnixNano(), n, i, at.UTC().Format(time.RFC1123Z), escape(by.text(flagged)))
		}
		b.WriteString("</channel></rss>")
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		fmt.Fprint(w, b.String())
	})
	return mux
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// configure writes the configuration of the program that is measured.
func (p plan) configure(home, database string, sources []news.Source) (file string, err error) {
	var b strings.Builder
	fmt.Fprintf(&b, `store:
  path: %s
network:
  contact: bench@driftwatch.example
  allow: [127.0.0.0/8]
serve:
  listen: 127.0.0.1:0
  interval: %s
  desk: {listen: "127.0.0.1:0"}
channels:
  desk: {type: webhook, url: "http://%s:%s/hook", pace: 10ms, secret: whsec_c2VjcmV0IG9mIHRoZSBiZW5jaCwgMzIgYnl0ZXM=}
  team: {type: webhook, url: "http://%s:%s/hook", pace: 10ms, secret: whsec_c2VjcmV0IG9mIHRoZSBiZW5jaCwgMzIgYnl0ZXM=}
routes:
  - {name: all, to: [desk, team]}
sources:
`, database, p.Interval, sourceHost(0), feedPort, sourceHost(1), feedPort)
	for _, s := range sources {
		fmt.Fprintf(&b, "  - {id: %s, name: %s, country: %s, languages: [%s], kind: feed, url: %q, homepage: %q, ownership: private, fulltext: never, interval: 1ms}\n",
			s.ID, s.Name, s.Country, s.Languages[0], s.URL, s.URL)
	}
	file = filepath.Join(home, "driftwatch.yaml")
	return file, os.WriteFile(file, []byte(b.String()), 0o600)
}

// served is `driftwatch serve` while it runs.
type served struct {
	cmd *exec.Cmd
	URL string // of the desk
}

var deskAt = regexp.MustCompile(`the desk is at (http://\S+)/`)

// start starts the program and waits until it serves the desk.
func (p plan) start(ctx context.Context, binary, config, home string) (*served, error) {
	s := &served{cmd: exec.CommandContext(ctx, binary, "serve", "--config", config)}
	s.cmd.Env = append(os.Environ(), "HOME="+home)
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	said, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start driftwatch: %w", err)
	}
	lines := bufio.NewScanner(said)
	var first []string
	for lines.Scan() {
		if m := deskAt.FindStringSubmatch(lines.Text()); m != nil {
			s.URL = m[1]
			go func() { // ends with the program
				for lines.Scan() {
					if line := lines.Text(); p.Log {
						fmt.Fprintln(os.Stderr, line)
					}
				}
			}()
			return s, nil
		}
		first = append(first, lines.Text())
	}
	return nil, fmt.Errorf("driftwatch serve ended: %w\n%s", s.cmd.Wait(), strings.Join(first, "\n"))
}

// stop ends the program.
func (s *served) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("driftwatch serve: %w", err)
	}
	return nil
}

// memory is the greatest resident set of the program so far, in MB of 10^6 bytes.
func (s *served) memory() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0, errors.New("/proc/PID/status has no VmHWM")
	}
	kb, err := strconv.ParseFloat(fields[0], 64)
	return kb * 1024 / 1e6, err
}
