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
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// counts is what the feeds were asked for.
type counts struct {
	Requests    int `json:"requests"`
	OK          int `json:"ok"`
	NotModified int `json:"not_modified"`
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
	servers := []*http.Server{{Handler: t.handler(), ReadHeaderTimeout: time.Minute}}
	listeners := []net.Listener{control}
	begun := time.Now()
	for i := range p.feeds {
		l, err := net.Listen("tcp", net.JoinHostPort(fmt.Sprintf("127.80.%d.%d", i/250, i%250+1), "0"))
		if err != nil {
			return fmt.Errorf("serve feed %d: %w", i, err)
		}
		base := "http://" + l.Addr().String()
		say.Feeds = append(say.Feeds, base+"/feed.xml")
		servers = append(servers, &http.Server{Handler: t.feed(feedXML(base, i, p.items, begun), begun), ReadHeaderTimeout: time.Minute})
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
type tally struct{ requests, ok, notModified atomic.Int64 }

// feed serves one feed with both validators.
func (t *tally) feed(body []byte, modified time.Time) http.Handler {
	etag := fmt.Sprintf(`"%d"`, len(body))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.requests.Add(1)
		if r.URL.Path != "/feed.xml" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		w.Header().Set("Etag", etag)
		answer := &answer{ResponseWriter: w}
		http.ServeContent(answer, r, "", modified, bytes.NewReader(body))
		switch answer.status {
		case http.StatusOK:
			t.ok.Add(1)
		case http.StatusNotModified:
			t.notModified.Add(1)
		}
	})
}

// handler serves the counters, and sets them to zero.
func (t *tally) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/reset" {
			t.requests.Store(0)
			t.ok.Store(0)
			t.notModified.Store(0)
		}
		c := counts{int(t.requests.Load()), int(t.ok.Load()), int(t.notModified.Load())}
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
