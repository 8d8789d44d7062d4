package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"driftwatch/newsroom"
	"driftwatch/newsroom/sink"
)

// runAsProgram in the environment makes the test's binary the program.
const runAsProgram = "DRIFTWATCH_TEST_RUN"

func TestMain(m *testing.M) {
	if os.Getenv(runAsProgram) != "" {
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	testscript.Main(m, map[string]func(){
		"driftwatch": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScript runs what a user types: testdata/script/*.txtar. A script that
// holds a file called newsroom has a newsroom's configuration in newsroom.yaml,
// the front page of one of its outlets in $OUTLET, and may call `edition` for
// the second edition and `arrived N` to count what
// its sinks took since the last call.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               openNewsroom,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"edition": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Value(roomKey{}).(*open).room.NextEdition()
			},
			"arrived": func(ts *testscript.TestScript, neg bool, args []string) {
				o := ts.Value(roomKey{}).(*open)
				n := len(o.sinks.Messages())
				if some := n > o.counted; some == neg {
					ts.Fatalf("%d messages arrived", n-o.counted)
				}
				o.counted = n
			},
		},
	})
}

type roomKey struct{}

// open is a newsroom that a script uses.
type open struct {
	room    *newsroom.Newsroom
	sinks   *sink.Sinks
	counted int
}

func openNewsroom(env *testscript.Env) error {
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("TZ", "UTC")
	if _, err := os.Stat(filepath.Join(env.WorkDir, "newsroom")); err != nil {
		return nil
	}
	ctx := context.Background()
	room, err := newsroom.Start(ctx, newsroom.Options{Faults: newsroom.QuickFaults})
	if err != nil {
		return err
	}
	env.Defer(func() { room.Close() })
	sinks, err := sink.Start(ctx, sink.Options{})
	if err != nil {
		return err
	}
	env.Defer(func() { sinks.Close() })
	env.Values[roomKey{}] = &open{room: room, sinks: sinks}
	var b bytes.Buffer
	setup := newsroom.Setup{Store: filepath.Join(env.WorkDir, "data", "driftwatch.db"), Sinks: sinks}
	if err := room.WriteConfig(&b, setup); err != nil {
		return err
	}
	outlet := room.Sources()[0]
	env.Setenv("OUTLET", outlet.Homepage) // its front page
	env.Setenv("OUTLET_ID", outlet.ID)
	return os.WriteFile(filepath.Join(env.WorkDir, "newsroom.yaml"), b.Bytes(), 0o600)
}
