package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// counts is what the feeds were asked for.
type counts struct {
	Requests    int `json:"requests"`
	OK          int `json:"ok"`
	NotModified int `json:"not_modified"`
	Pages       int `json:"pages"` // of articles
}

// served is what a serving process says of itself, once, on its output.
type served struct {
	Control string   `json:"control"` // address of the counters
	Feeds   []string `json:"feeds"`
}

// server is the serving process, as the measuring one sees it.
type server struct {
	served
	cmd   *exec.Cmd
	stdin io.Closer
}

// startServer starts this program again to serve the feeds, and waits until it
// does.
func startServer(ctx context.Context, p plan) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &server{cmd: exec.CommandContext(ctx, self, "-serve", "-feeds", strconv.Itoa(p.feeds), "-items", strconv.Itoa(p.items))}
	s.cmd.Stderr = os.Stderr
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the feeds' server: %w", err)
	}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &s.served)
	}
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("start the feeds' server: %w", err)
	}
	return s, nil
}

// stop ends the serving process.
func (s *server) stop() {
	s.stdin.Close()
	if err := s.cmd.Wait(); err != nil {
		fmt.Fprintln(os.Stderr, "bench: the feeds' server:", err)
	}
}

// reset sets the counters to zero.
func (s *server) reset(ctx context.Context) error {
	_, err := s.ask(ctx, "/reset")
	return err
}

// counts reads the counters.
func (s *server) counts(ctx context.Context) (counts, error) { return s.ask(ctx, "/counts") }

// publish puts a new item into every tenth feed.
func (s *server) publish(ctx context.Context) error {
	_, err := s.ask(ctx, "/publish")
	return err
}

func (s *server) ask(ctx context.Context, path string) (c counts, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Control+path, nil)
	if err != nil {
		return c, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return c, fmt.Errorf("ask the feeds' server for its counters: %w", err)
	}
	defer res.Body.Close()
	return c, json.NewDecoder(res.Body).Decode(&c)
}

// serve is the serving process: every feed on its own address, and the
// counters, until stdin ends.
func (p plan) serve(ctx context.Context) error {
	var t tally
	control, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	say := served{Control: "http://" + control.Addr().String()}
	feeds := make([]*feed, p.feeds)
	servers := []*http.Server{{Handler: t.handler(feeds), ReadHeaderTimeout: time.Minute}}
	listeners := []net.Listener{control}
	begun := time.Now()
	for i := range feeds {
		l, err := net.Listen("tcp", net.JoinHostPort(fmt.Sprintf("127.80.%d.%d", i/250, i%250+1), "0"))
		if err != nil {
			return fmt.Errorf("serve feed %d: %w", i, err)
		}
		base := "http://" + l.Addr().String()
		say.Feeds = append(say.Feeds, base+"/feed.xml")
		feeds[i] = &feed{tally: &t, base: base, number: i, items: p.items}
		feeds[i].edit(0, begun)
		servers = append(servers, &http.Server{Handler: feeds[i], ReadHeaderTimeout: time.Minute})
		listeners = append(listeners, l)
	}
	return serveAll(ctx, servers, listeners, say)
}

// serveAll serves until stdin or ctx ends, and says first that it does.
func serveAll(ctx context.Context, servers []*http.Server, listeners []net.Listener, say served) error {
	var g errgroup.Group
	for i, s := range servers {
		g.Go(func() error {
			if err := s.Serve(listeners[i]); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
	}
	if err := json.NewEncoder(os.Stdout).Encode(say); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { // ends with the process
		defer close(ended)
		io.Copy(io.Discard, os.Stdin)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
	}
	for _, s := range servers {
		s.Close()
	}
	return g.Wait()
}

// tally counts what the feeds are asked for.
type tally struct{ requests, ok, notModified, pages atomic.Int64 }

// feed serves one feed with both validators, and the pages of its items.
type feed struct {
	tally         *tally
	base          string
	number, items int
	edition       atomic.Pointer[edition]
}

// edition is what a feed says from a time on.
type edition struct {
	fresh    int // items that weren't in the first one
	body     []byte
	modified time.Time
}

// edit makes the feed's next edition.
func (f *feed) edit(fresh int, at time.Time) {
	f.edition.Store(&edition{fresh, feedXML(f.base, f.number, f.items, fresh, at), at})
}

// ServeHTTP implements http.Handler.
func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.tally.requests.Add(1)
	if item, ok := strings.CutPrefix(r.URL.Path, "/news/"); ok {
		if n, err := strconv.Atoi(item); err == nil {
			f.tally.pages.Add(1)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write(pageHTML(f.number, n))
			return
		}
	}
	if r.URL.Path != "/feed.xml" {
		http.NotFound(w, r)
		return
	}
	e := f.edition.Load()
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	w.Header().Set("Etag", fmt.Sprintf(`"%d-%d"`, e.fresh, len(e.body)))
	answer := &answer{ResponseWriter: w}
	http.ServeContent(answer, r, "", e.modified, bytes.NewReader(e.body))
	switch answer.status {
	case http.StatusOK:
		f.tally.ok.Add(1)
	case http.StatusNotModified:
		f.tally.notModified.Add(1)
	}
}

// handler serves the counters, sets them to zero, and has every tenth feed
// publish an item.
func (t *tally) handler(feeds []*feed) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/reset":
			for _, n := range []*atomic.Int64{&t.requests, &t.ok, &t.notModified, &t.pages} {
				n.Store(0)
			}
		case "/publish":
			for i := 0; i < len(feeds); i += 10 {
				feeds[i].edit(feeds[i].edition.Load().fresh+1, time.Now())
			}
		}
		c := counts{int(t.requests.Load()), int(t.ok.Load()), int(t.notModified.Load()), int(t.pages.Load())}
		json.NewEncoder(w).Encode(c)
	})
}

// answer remembers the status that was sent.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}
