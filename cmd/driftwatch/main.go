// Driftwatch watches the press of Central Asia and tells analysts when a story
// says that a country moves away from Russia, or closer to it.
//
// This package is the command line: one file a subcommand, which turns flags
// into a call and its result into output.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // an analyst's zone works where the system has no zone files

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"driftwatch/alert/shoutrrr"
	"driftwatch/configs"
	"driftwatch/guard"
)

// version is set by the linker.
var version = "dev"

// Exit codes, as every command's help lists them.
const (
	exitDone   = 0
	exitFailed = 1  // the command could not do its work
	exitUsage  = 2  // bad usage or configuration
	exitLocked = 75 // another cycle holds the lock (EX_TEMPFAIL of sysexits.h)
)

func main() {
	http.DefaultTransport = shoutrrr.Guard() // only that library uses it
	os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Main runs one command and returns its exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now, location: time.Local}
	a.style, a.columns = terminal(stdout, os.Getenv)
	a.width = min(a.columns, widest)
	root := a.root()
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(context.Background())
	if err == nil {
		return exitDone
	}
	var failed *exitError
	if !errors.As(err, &failed) {
		fmt.Fprintf(stderr, "driftwatch: %s\nSee: %s --help\n", guard.Line(flagWords(cmd, err)), cmd.CommandPath())
		return exitUsage
	}
	if failed.err != nil {
		fmt.Fprintf(stderr, "driftwatch: %s\n", guard.Text(failed.err.Error()))
	}
	return failed.code
}

// exitError is an error of a command that ran, with the code to leave with.
// Errors of any other type come from reading the command line.
type exitError struct {
	code int
	err  error // nil: everything has been said
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage marks an error as the caller's: exit code 2.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// app is what all commands share: the streams, the global flags, the clock.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	style          style // of stdout
	columns        int   // of stdout; 0: no terminal
	width          int   // of a line of text on stdout, in characters; 0: nothing is broken

	configFile string
	logFormat  string
	verbose    bool
	zone       string
	location   *time.Location
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "driftwatch",
		Short: "Watch the press of Central Asia for drift from Russia, or towards it",
		Long: `Driftwatch reads the press of Kazakhstan, Kyrgyzstan, Uzbekistan, Tajikistan and
Turkmenistan, and of those who write about them, and flags stories on sanctions,
the CSTO, decolonization, and drones and microchips on their way to Russia. Each
alert shows the sentence that set it off.

Start with:
  driftwatch demo         the whole job on made-up outlets, no network
  driftwatch init         write a configuration to edit
  driftwatch run          one cycle; made for cron
  driftwatch hits list    what was flagged

Configuration is read from --config FILE, $DRIFTWATCH_CONFIG, ./driftwatch.yaml,
the user's and the system's configuration folder, in this order; without any,
the embedded defaults are used.

Exit codes: 0 done; 1 the command could not do its work; 2 bad usage or
configuration; 75 another cycle holds the lock.`,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetVersionTemplate("driftwatch {{.Version}}\n")
	flags := root.PersistentFlags()
	flags.StringVar(&a.configFile, "config", "", "configuration `FILE`")
	flags.StringVar(&a.logFormat, "log-format", "", "log as `text or json` (default: text)")
	flags.BoolVar(&a.verbose, "verbose", false, "log each step")
	flags.StringVar(&a.zone, "zone", "", "show times in this time `ZONE` (default: the system's), for example Asia/Almaty")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return a.checkGlobals() }
	for _, add := range []func() *cobra.Command{
		a.runCommand, a.backfillCommand, a.serveCommand, a.healthCommand, a.demoCommand, a.initCommand,
		a.sourcesCommand, a.hitsCommand, a.storiesCommand, a.alertsCommand, a.routesCommand, a.silencesCommand, a.driftCommand,
		a.namesCommand, a.configCommand, a.dbCommand, a.userCommand,
		a.rulesCommand, a.explainCommand, a.readCommand, a.flagCommand, a.groupCommand, a.extractCommand, a.feedCommand,
	} {
		root.AddCommand(add())
	}
	sayExitCodes(root)
	inOurWords(root)
	return root
}

// inOurWords gives each command an answer of ours to arguments that it can't
// take.
func inOurWords(c *cobra.Command) {
	if takes := c.Args; takes != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if takes(cmd, args) == nil {
				return nil
			}
			return wrongArgs(cmd, args)
		}
	}
	for _, sub := range c.Commands() {
		inOurWords(sub)
	}
}

// What cobra says of flags that are missing, and of those that go together.
var (
	missingFlags   = regexp.MustCompile(`^required flag\(s\) (.+) not set$`)
	oneOfFlags     = regexp.MustCompile(`^at least one of the flags in the group \[(.+)\] is required$`)
	togetherFlags  = regexp.MustCompile(`none of the others can be; \[(.+)\] were all set$`)
	betweenMissing = strings.NewReplacer(`"`, "", `, `, " and --")
)

// flagWords is an error of the command line in our words.
func flagWords(cmd *cobra.Command, err error) string {
	said := err.Error()
	if m := missingFlags.FindStringSubmatch(said); m != nil {
		return cmd.CommandPath() + " lacks --" + betweenMissing.Replace(m[1])
	}
	if m := oneOfFlags.FindStringSubmatch(said); m != nil {
		return cmd.CommandPath() + " lacks --" + strings.ReplaceAll(m[1], " ", " or --")
	}
	if m := togetherFlags.FindStringSubmatch(said); m != nil {
		return "--" + strings.ReplaceAll(m[1], " ", " and --") + " exclude each other"
	}
	return said
}

// wrongArgs says what a command takes, and what was probably meant.
func wrongArgs(cmd *cobra.Command, args []string) error {
	if cmd.HasSubCommands() {
		var names []string
		for _, sub := range cmd.Commands() {
			names = append(names, sub.Name())
		}
		if near := configs.Nearest(args[0], names); near != "" {
			return fmt.Errorf("unknown command %q for %q; did you mean %s?", args[0], cmd.CommandPath(), near)
		}
		return fmt.Errorf("unknown command %q for %q", args[0], cmd.CommandPath())
	}
	_, takes, _ := strings.Cut(cmd.Use, " ")
	switch {
	case takes == "":
		return fmt.Errorf("%s takes no arguments, and was given %q", cmd.CommandPath(), args[0])
	case len(args) == 0:
		return fmt.Errorf("%s lacks %s", cmd.CommandPath(), takes)
	}
	return fmt.Errorf("%s takes %s, and was given %q", cmd.CommandPath(), takes, strings.Join(args, " "))
}

// sayExitCodes ends the help of each command that doesn't list its exit codes
// with those that all have.
func sayExitCodes(parent *cobra.Command) {
	for _, c := range parent.Commands() {
		if c.Long == "" {
			c.Long = c.Short + "."
		}
		if !strings.Contains(c.Long, "Exit codes") {
			c.Long += "\n\nExit codes: 0 done; 1 it could not be done; 2 bad usage or configuration."
		}
		sayExitCodes(c)
	}
}

func (a *app) checkGlobals() error {
	switch a.logFormat {
	case "", "text", "json":
	default:
		return usage("--log-format is %q; it may be text or json", a.logFormat)
	}
	if a.zone != "" {
		loc, err := time.LoadLocation(a.zone)
		if err != nil {
			return usage("--zone %q is no time zone; for example Asia/Almaty, Europe/Berlin, UTC", a.zone)
		}
		a.location = loc
	}
	return nil
}

// load finds and reads the configuration. Faults are exit code 2.
func (a *app) load() (*configs.Config, error) {
	file, err := configs.Find(a.configFile, os.LookupEnv)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	c, err := configs.Load(file, os.LookupEnv)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return c, nil
}

// does wraps a command's work, so that what it returns is told from a fault of
// the command line.
func does(f func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := f(cmd, args)
		var already *exitError
		if err == nil || errors.As(err, &already) {
			return err
		}
		return &exitError{exitFailed, err}
	}
}

// finishes is [does] for work that is finished when a signal comes.
func finishes(f func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return does(func(cmd *cobra.Command, args []string) error {
		ctx, stop := finishing(cmd.Context())
		defer stop()
		cmd.SetContext(ctx)
		return f(cmd, args)
	})
}

// finishing gives a context that ends with the first SIGTERM or Ctrl-C, for
// commands that then finish what is in hand. A second one ends the program at
// once, as the first does with every other command.
func finishing(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
