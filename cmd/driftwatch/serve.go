package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/rules"
	"driftwatch/watch"
)

func (a *app) serveCommand() *cobra.Command {
	var listen, desk string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Do cycles on a schedule until stopped; serves the desk, /healthz, /metrics and feeds on loopback",
		Example: `  driftwatch serve --listen 127.0.0.1:9105
  driftwatch serve --desk 127.0.0.1:9200
  driftwatch serve --desk off`,
		Long: `Polls each source when it is due, and makes each digest at its time, until SIGTERM or Ctrl-C, which finish what is in
hand and end within 10 seconds. The cycle's lock is held only during a cycle, so
that a run by hand can come in between. Changed files of rules and of sources are
read again, at once or at the latest before the next cycle; all else of the
configuration counts from the next start.

/healthz answers 200 or 503 with a sentence why: the last cycle failed, none has
ended for a while, or nothing can be read, because all sources failed when they
were asked last or three or more began to fail in a cycle that could read none; it
is well again once anything was read. /metrics is for Prometheus and holds no titles
and no addresses. With feeds.path, /feeds/all.atom and the others are served too.
All are on serve.listen, loopback unless you say otherwise.

The review desk is on serve.desk.listen, loopback unless you say otherwise. While
it has no user, a link is printed that makes the first one; it works once, for 15
minutes.`,
		Args: cobra.NoArgs,
		RunE: finishes(func(cmd *cobra.Command, _ []string) error {
			return a.serve(cmd.Context(), listen, desk)
		}),
	}
	c.Flags().StringVar(&listen, "listen", "", "address for /healthz, /metrics and /feeds/, in place of serve.listen")
	c.Flags().StringVar(&desk, "desk", "", "address for the review desk, in place of serve.desk.listen; off: none")
	return c
}

// pageThreads is on how many threads Go code runs at once at least, where the desk
// is served.
const pageThreads = 8

// shareProcessors lets the kernel share the processors between the desk's pages and
// a cycle, unless $GOMAXPROCS says otherwise. With as many threads as processors, a
// page that comes back from the database waits until Go takes a thread from a cycle
// that computes, up to 10 ms each time.
func shareProcessors() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(max(pageThreads, runtime.GOMAXPROCS(0)))
	}
}

func (a *app) serve(ctx context.Context, listen, desk string) error {
	spareMemory(serveGrowth, 0)
	c, err := a.load()
	if err != nil {
		return err
	}
	if listen == "" {
		listen = c.Serve.Listen
	}
	for _, w := range c.Warnings {
		fmt.Fprintf(a.stderr, "driftwatch: %s\n", guard.Line(w))
	}
	set := a.settings("")
	set.Listens, set.Reread = true, a.load
	w, err := watch.Open(ctx, c, set)
	if err != nil {
		return configFault(err)
	}
	defer w.Close()
	if _, err := w.Rules.Engine(); err != nil {
		return &exitError{exitUsage, err}
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("serve on %s: %w; set serve.listen or --listen to a free address", listen, err)
	}
	log := a.logger()
	fmt.Fprintf(a.stderr, "driftwatch: serving http://%s/healthz, a look at what is due every %s, database %s\n", l.Addr(), c.Serve.Interval, w.Database)
	d := watch.NewDaemon(w, c.Serve.Interval, func(s watch.Summary, err error) {
		if err != nil {
			log.Error("cycle failed", "problem", err)
		}
		for _, line := range s.Hand() {
			log.Warn(line)
		}
		log.Info("cycle", "polled", s.Sources.Polled, "failed", s.Sources.Failed, "new", s.Articles.New, "sent", s.Alerts.Sent, "seconds", s.Seconds)
	})
	d.Changed = func(changes []rules.Change, err error) {
		if err != nil {
			log.Error("rules not changed", "problem", err)
			return
		}
		if len(changes) > 0 {
			log.Warn("rules changed", "changes", watch.Lines(changes))
		}
	}
	d.Listeners = w.Listeners(c.Channels, set.Channels().UserAgent, func(channel string, problem error) {
		log.Warn("buttons", "channel", channel, "problem", problem)
	})
	if cmp.Or(desk, c.Serve.Desk.Listen) == configs.DeskOff {
		return d.Run(ctx, l)
	}
	shareProcessors()
	p, err := w.OpenPages(c.Serve.Desk, desk, a.settings(""))
	if err != nil {
		l.Close()
		return err
	}
	if err := a.sayDesk(ctx, w, p); err != nil {
		l.Close()
		return errors.Join(err, p.Close())
	}
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error { return d.Run(ctx, l) })
	both.Go(func() error { return p.Run(ctx) })
	return both.Wait()
}

// sayDesk says where the desk is, and how to make the first user.
func (a *app) sayDesk(ctx context.Context, w *watch.Watch, p *watch.Pages) error {
	fmt.Fprintf(a.stderr, "driftwatch: the desk is at %s/\n", p.URL)
	users, err := w.Store.Users(ctx)
	if err == nil && len(users) == 0 {
		fmt.Fprintf(a.stderr, "driftwatch: it has no user yet; make the first one within 15 minutes at %s%s\n", p.URL, p.Desk.Link(""))
	}
	return err
}

func (a *app) healthCommand() *cobra.Command {
	var listen string
	var asJSON bool
	c := &cobra.Command{
		Use:     "health",
		Short:   "Ask a running serve how it is; exit code 1 when it isn't well",
		Example: `  driftwatch health || echo "see: journalctl -u driftwatch"`,
		Long: `Asks the daemon at serve.listen for its /healthz and says "well", or what is wrong.

--json prints its answer: {"ok","started","last_cycle","last_read","problem",
"rules","sources"}. last_cycle is when a cycle last did its work, last_read when a source was
last read, both null for never; problem, rules and sources (why changed rules or
sources are refused) are left out where nothing is wrong.

Exit codes: 0 well; 1 not well, or nothing answers; 2 bad usage or configuration.`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			if listen == "" {
				c, err := a.load()
				if err != nil {
					return err
				}
				listen = c.Serve.Listen
			}
			h, err := askHealth(cmd.Context(), listen)
			if err != nil {
				return err
			}
			if asJSON {
				if err := printJSON(a.stdout, h); err != nil || h.OK {
					return err
				}
				return &exitError{code: exitFailed}
			}
			if !h.OK {
				return fmt.Errorf("not well: %s", guard.Line(h.Problem))
			}
			fmt.Fprintln(a.stdout, "well")
			return nil
		}),
	}
	c.Flags().StringVar(&listen, "listen", "", "address of the daemon, in place of serve.listen")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func askHealth(ctx context.Context, listen string) (watch.Health, error) {
	var h watch.Health
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return h, usage("%q is no address of a daemon: %w", listen, err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return h, err
	}
	client := &http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return h, errors.New("nothing answers at " + listen + "; is driftwatch serve running?")
	}
	defer res.Body.Close()
	if err := json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&h); err != nil {
		return h, fmt.Errorf("what answers at %s is no driftwatch", listen)
	}
	return h, nil
}
