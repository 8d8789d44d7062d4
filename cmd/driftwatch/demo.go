package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"driftwatch/alert/mail"
	"driftwatch/alert/slack"
	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/newsroom"
	"driftwatch/newsroom/sink"
	"driftwatch/watch"
)

func (a *app) demoCommand() *cobra.Command {
	var asJSON, week, desk bool
	c := &cobra.Command{
		Use:   "demo [FOLDER]",
		Short: "Do the whole job on made-up outlets; no network but loopback",
		Example: `  driftwatch demo
  driftwatch demo --week
  driftwatch demo --desk
  driftwatch demo --json | jq '.cycles[1].messages'`,
		Long: `Starts a newsroom of made-up outlets on loopback addresses, polls, crawls, reads,
flags, groups, stores and alerts, and shows what was sent; then the outlets print
a second edition with one new story, and only that one is alerted. No outlet,
person or event in it is real.

With --week the outlets publish a week of news, which is fast-forwarded hour by
hour: stories told by several outlets and in several languages, copies, late
reposts, a denial, a correction, digests, an outlet that turns readers away.
It shows what an analyst would have got, in order, and the drift of the week, and
holds it against the newsroom's own list: no story more than once on a route
(where a channel can't edit, once more for a raised level or a changed status), none
missing.

The configuration and the database stay in FOLDER (default: a new temporary one)
to look at afterwards. --desk does the week and then opens the review desk on a free
loopback port, and prints a link that signs you in once, within 15 minutes; Ctrl-C
ends it.

Exit codes: 0 done, and with --week all is as the list has it; 1 it could not be
done, or it isn't; 2 bad usage.`,
		Args: cobra.MaximumNArgs(1),
		RunE: finishes(func(cmd *cobra.Command, args []string) error {
			dir, err := demoFolder(args)
			if err != nil {
				return err
			}
			if week || desk {
				return a.demoWeek(cmd.Context(), dir, asJSON, desk)
			}
			return a.demo(cmd.Context(), dir, asJSON)
		}),
	}
	c.Flags().BoolVar(&week, "week", false, "a week of news, fast-forwarded")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	c.Flags().BoolVar(&desk, "desk", false, "open the review desk afterwards")
	c.MarkFlagsMutuallyExclusive("json", "desk")
	return c
}

func demoFolder(args []string) (string, error) {
	if len(args) == 0 {
		return os.MkdirTemp("", "driftwatch-demo-")
	}
	dir, err := filepath.Abs(args[0])
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, "driftwatch.db")); err == nil {
		return "", usage("%s holds a database already; name a new folder", dir)
	}
	return dir, os.MkdirAll(dir, 0o700)
}

// demoDoc is what `demo --json` prints.
type demoDoc struct {
	Config   string      `json:"config"`
	Database string      `json:"database"`
	Cycles   []demoCycle `json:"cycles"`
}

type demoCycle struct {
	Summary  summaryDoc    `json:"summary"`
	Messages []demoMessage `json:"messages"`
}

type demoMessage struct {
	Channel string    `json:"channel"` // slack, mail or webhook
	Key     string    `json:"key"`
	At      time.Time `json:"at"`
	Subject string    `json:"subject,omitempty"`
	Body    string    `json:"body"` // as it arrived
}

// stage is what a demo plays on.
type stage struct {
	room   *newsroom.Newsroom
	sinks  *sink.Sinks
	file   string // the configuration's
	config *configs.Config
}

// setStage starts outlets and receivers, and writes a configuration for them to a
// folder; a review desk may write into that folder too.
func setStage(ctx context.Context, dir string, o newsroom.Options, desk bool) (*stage, error) {
	s := &stage{file: filepath.Join(dir, "driftwatch.yaml")}
	var err error
	if s.room, err = newsroom.Start(ctx, o); err != nil {
		return nil, fmt.Errorf("%w (the demo needs Linux, where all of 127.0.0.0/8 is the machine's own)", err)
	}
	if s.sinks, err = sink.Start(ctx, sink.Options{Now: o.Now}); err != nil {
		s.room.Close()
		return nil, err
	}
	setup := newsroom.Setup{Store: filepath.Join(dir, "driftwatch.db"), Sinks: s.sinks}
	if desk {
		setup.Desk = dir
	}
	if s.config, err = writeDemoConfig(s.room, setup, s.file); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *stage) close() {
	s.sinks.Close()
	s.room.Close()
}

func (a *app) demo(ctx context.Context, dir string, asJSON bool) error {
	s, err := setStage(ctx, dir, newsroom.Options{Now: a.now, Faults: newsroom.QuickFaults}, false)
	if err != nil {
		return err
	}
	defer s.close()
	w, err := watch.Open(ctx, s.config, a.settings(s.config.Store.Path))
	if err != nil {
		return err
	}
	defer w.Close()
	d := &demo{app: a, watch: w, sinks: s.sinks, doc: demoDoc{Config: s.file, Database: s.config.Store.Path}, silent: asJSON}
	if err := d.tell(ctx, s.room); err != nil {
		return err
	}
	if asJSON {
		return printJSON(a.stdout, d.doc)
	}
	return nil
}

// demoDesk opens the review desk, with one user who can do everything.
func (a *app) demoDesk(ctx context.Context, w *watch.Watch, s *stage) error {
	const name = "demo"
	_, err := w.Store.AddUser(ctx, news.User{Name: name, Role: news.RoleAdmin, Keys: true, Created: a.now()}, true)
	if err != nil {
		return err
	}
	p, err := w.OpenPages(s.config.Serve.Desk, "127.0.0.1:0", a.settings(""))
	if err != nil {
		return err
	}
	fmt.Fprintln(a.stdout)
	a.fold(a.stdout, a.style.strong("The review desk is open. This link signs you in; it works once, for 15 minutes:"), "")
	fmt.Fprintf(a.stdout, "\n  %s%s\n\n", p.URL, p.Desk.Link(name))
	a.fold(a.stdout, fmt.Sprintf("In there it is the evening of %s, and the clock goes on. The outlets still answer: sources can be polled and added, and rules be changed.", a.now().Format("Monday 2 January")), "")
	fmt.Fprintf(a.stdout, "To sign in again later, at %s/, give %s a password:\n  driftwatch --config %s user passwd %[2]s\nCtrl-C ends it.\n", p.URL, name, s.file)
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error { return p.Run(ctx) })
	both.Go(func() error { watch.NewDaemon(w, 0, nil).Follow(ctx); return nil })
	return both.Wait()
}

func writeDemoConfig(room *newsroom.Newsroom, setup newsroom.Setup, file string) (*configs.Config, error) {
	var b bytes.Buffer
	if err := room.WriteConfig(&b, setup); err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		return nil, err
	}
	return configs.Load(file, os.LookupEnv)
}

// demo is one showing.
type demo struct {
	*app
	watch  *watch.Watch
	sinks  *sink.Sinks
	doc    demoDoc
	silent bool
	shown  int // messages shown so far
}

// tell does two cycles, with a new edition between them.
func (d *demo) tell(ctx context.Context, room *newsroom.Newsroom) error {
	d.head("A newsroom of %d made-up outlets opens on loopback. The first cycle:", len(room.Sources()))
	s, err := d.cycle(ctx)
	if err != nil {
		return err
	}
	d.show(s, true)
	room.NextEdition()
	d.say("")
	d.head("The outlets print a second edition: one new story, one article changed. The second cycle:")
	if s, err = d.cycle(ctx); err != nil {
		return err
	}
	d.show(s, false)
	d.say("")
	d.head("Look around:")
	d.say("  driftwatch --config %s hits list\n  driftwatch --config %[1]s hits show 1\n  driftwatch --config %[1]s alerts list", d.doc.Config)
	d.head("Watch the real press:")
	d.say("  driftwatch init && driftwatch run")
	return nil
}

func (d *demo) cycle(ctx context.Context) (watch.Summary, error) {
	release, err := watch.Lock(d.watch.Database)
	if err != nil {
		return watch.Summary{}, err
	}
	defer release()
	p := d.progress("polling", d.silent)
	s, err := d.watch.Cycle(ctx, watch.Order{Keep: true, Progress: p.step})
	p.end()
	if err == nil {
		err = ctx.Err()
	}
	return s, err
}

func (d *demo) say(format string, args ...any) {
	if !d.silent {
		fmt.Fprintf(d.stdout, format+"\n", args...)
	}
}

// head says what comes next.
func (d *demo) head(format string, args ...any) {
	if !d.silent {
		d.fold(d.stdout, d.style.strong(fmt.Sprintf(format, args...)), "")
	}
}

// show prints what a cycle found and what arrived.
func (d *demo) show(s watch.Summary, whole bool) {
	all := d.sinks.Messages()
	arrived := all[d.shown:]
	d.shown = len(all)
	if d.silent {
		c := demoCycle{Summary: summaryJSON(s), Messages: []demoMessage{}}
		for _, m := range arrived {
			c.Messages = append(c.Messages, demoMessage{m.Sink, m.Key, m.At.UTC(), m.Subject, string(m.Body)})
		}
		d.doc.Cycles = append(d.doc.Cycles, c)
		return
	}
	stories := map[int64]bool{}
	for _, f := range s.Found {
		stories[f.Hit.Story] = true
	}
	d.fold(d.stdout, fmt.Sprintf("polled %d of %d outlets; %d new %s, %d %s flagged, %d %s sent; %s\n", s.Sources.Polled, s.Sources.Due,
		s.Articles.New, plural(s.Articles.New, "article", "articles"), len(stories), plural(len(stories), "story", "stories"),
		s.Alerts.Sent, plural(s.Alerts.Sent, "message", "messages"), took(time.Duration(s.Seconds*float64(time.Second)))), "")
	if whole {
		d.head("What was flagged, the highest level (1 to 5) first:")
		d.fold(d.stdout, "Apart and closer are meant of Russia. A sentence stands under a title where it wasn't the title that set it off.\n", "")
	}
	d.printFound(d.stdout, s.Found)
	d.printArrived(s, arrived, whole)
	d.say("")
	d.head("The summary, as driftwatch run prints it:")
	d.printSummary(d.stdout, s)
}

// printArrived shows how the first of the flagged stories arrived: in Slack and,
// where all is to be shown, by mail.
func (d *demo) printArrived(s watch.Summary, arrived []sink.Message, whole bool) {
	title := ""
	if len(s.Found) > 0 {
		title = flaggedStories(s.Found)[0].article.Title
	}
	counted := map[string]int{}
	for _, m := range arrived {
		counted[m.Sink]++
	}
	d.head("Messages that arrived: %s.", counts(counted, "none"))
	if text, ok := about(title, arrived, sink.SlackSink, slack.Blocks); ok {
		d.printMessage("Slack, in its markup", text)
	}
	if text, ok := about(title, arrived, sink.MailSink, mail.Read); ok && whole {
		d.printMessage("Mail", text)
	}
}

// about is the text of the message on a title that arrived at a sink; of the
// first there, where none names the title.
func about(title string, arrived []sink.Message, name string, textOf func([]byte) string) (text string, ok bool) {
	for _, m := range arrived {
		if m.Sink != name {
			continue
		}
		t := textOf(m.Body)
		if strings.Contains(t, title) {
			return t, true
		}
		if !ok {
			text, ok = t, true
		}
	}
	return text, ok
}

// printMessage shows one message as it arrived, as text.
func (d *demo) printMessage(channel, text string) {
	d.say("\n  %s:", channel)
	for line := range strings.Lines(strings.TrimRight(text, "\r\n")) {
		d.fold(d.stdout, "  │ "+guard.Line(strings.TrimRight(line, "\r\n")), "  │ ")
	}
}
