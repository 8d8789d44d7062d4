package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"driftwatch/newsroom"
	"driftwatch/newsroom/sink"
)

var kills = flag.Int("kills", 6, "how often TestKilledCyclesLoseNothing kills a cycle")

// TestKilledCyclesLoseNothing kills cycles with signal 9 at random moments,
// while some sinks take messages late, and lets the next cycle go on: each hit
// and each message of an undisturbed run has to be there, and the database
// sound.
func TestKilledCyclesLoseNothing(t *testing.T) {
	room := startRoom(t)
	want := undisturbed(t, room)
	if len(want.hits) < 10 || want.messages < 10 {
		t.Fatalf("the newsroom gives %d hits and %d messages: too few to lose one", len(want.hits), want.messages)
	}
	doubles := 0
	for i := range *kills {
		got := killed(t, room, want.took)
		doubles += got.doubles
		for h := range want.hits {
			if !got.hits[h] {
				t.Errorf("kill %d: hit lost: %s", i, h)
			}
		}
		if n := len(got.keys); n != want.messages {
			t.Errorf("kill %d: %d different messages arrived, want %d", i, n, want.messages)
		}
	}
	t.Logf("%d kills: no hit and no message lost; %d messages were taken twice, under the same key", *kills, doubles)
}

// outcome is what is there after a run.
type outcome struct {
	hits     map[string]bool
	keys     map[string]bool // of the messages that arrived
	messages int
	doubles  int
	took     time.Duration
}

func startRoom(t *testing.T) *newsroom.Newsroom {
	t.Helper()
	room, err := newsroom.Start(context.Background(), newsroom.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { room.Close() })
	return room
}

func undisturbed(t *testing.T, room *newsroom.Newsroom) outcome {
	t.Helper()
	sinks, config := startSinks(t, room)
	began := time.Now()
	if out, err := driftwatch(config, "run").CombinedOutput(); err != nil {
		t.Fatalf("undisturbed run: %v\n%s", err, out)
	}
	o := look(t, sinks, config)
	o.took = time.Since(began)
	o.messages = len(o.keys)
	return o
}

// killed kills one cycle somewhere, then does another to its end.
func killed(t *testing.T, room *newsroom.Newsroom, took time.Duration) outcome {
	t.Helper()
	sinks, config := startSinks(t, room)
	cmd := driftwatch(config, "run")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Duration(rand.Int64N(int64(took))), func() { cmd.Process.Signal(syscall.SIGKILL) })
	err := cmd.Wait()
	timer.Stop()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if out, err := driftwatch(config, "run").CombinedOutput(); err != nil {
		t.Fatalf("the cycle after the kill: %v\n%s", err, out)
	}
	return look(t, sinks, config)
}

// startSinks gives sinks of which every third answers late, and a configuration
// with a database of its own.
func startSinks(t *testing.T, room *newsroom.Newsroom) (*sink.Sinks, string) {
	t.Helper()
	sinks, err := sink.Start(context.Background(), sink.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sinks.Close() })
	late := func(attempt int) sink.Manner {
		if attempt%3 == 0 {
			return sink.Manner{Wait: 40 * time.Millisecond}
		}
		return sink.Manner{}
	}
	sinks.Slack.Behave(late)
	sinks.Webhook.Behave(late)
	sinks.Mail.Behave(late)
	dir := t.TempDir()
	var b bytes.Buffer
	if err := room.WriteConfig(&b, newsroom.Setup{Store: filepath.Join(dir, "driftwatch.db"), Sinks: sinks, HostInterval: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "driftwatch.yaml")
	if err := os.WriteFile(config, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return sinks, config
}

// look says what is stored and what arrived.
func look(t *testing.T, sinks *sink.Sinks, config string) outcome {
	t.Helper()
	if out, err := driftwatch(config, "db", "check").CombinedOutput(); err != nil {
		t.Errorf("the database isn't sound: %v\n%s", err, out)
	}
	out, err := driftwatch(config, "hits", "export").Output()
	if err != nil {
		t.Fatal(err)
	}
	o := outcome{hits: map[string]bool{}, keys: map[string]bool{}, doubles: sinks.Doubles()}
	for line := range strings.Lines(string(out)) {
		var h hitDoc
		if err := json.Unmarshal([]byte(line), &h); err != nil {
			t.Fatal(err)
		}
		o.hits[fmt.Sprintf("%s %s %s %v", h.URL, h.Signal, h.Direction, h.Countries)] = true
	}
	for _, m := range sinks.Messages() {
		o.keys[m.Sink+" "+m.Key] = true
	}
	return o
}

// driftwatch is this test's own binary, running as the program.
func driftwatch(config string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append([]string{"--config", config}, args...)...)
	cmd.Env = append(os.Environ(), runAsProgram+"=1")
	return cmd
}

// TestKilledImportKeepsTheEarlierList kills an import with signal 9 in the middle
// of its list: the earlier list stands, the database is sound, and the next import
// takes the list's place.
func TestKilledImportKeepsTheEarlierList(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "driftwatch.yaml")
	if err := os.WriteFile(config, []byte("store: {path: names.db}\nsources: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	imported := func(first, n int) {
		t.Helper()
		cmd := driftwatch(config, "names", "import", "-", "--source", "lists")
		cmd.Stdin = strings.NewReader(madeUpNames(first, n))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("import: %v\n%s", err, out)
		}
	}
	listed := func(want string, not string) {
		t.Helper()
		out, err := driftwatch(config, "names", "list", "--limit", "0").CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) || strings.Contains(string(out), not) {
			t.Errorf("want %s and not %s (%v):\n%s", want, not, err, out)
		}
		if out, err := driftwatch(config, "db", "check").CombinedOutput(); err != nil {
			t.Errorf("the database isn't sound: %v\n%s", err, out)
		}
	}
	imported(0, 20)
	cmd := driftwatch(config, "names", "import", "-", "--source", "lists")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Most of it is read by the time it is written: a pipe holds little.
	if _, err := in.Write([]byte(madeUpNames(100_000, 30_000))); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(syscall.SIGKILL)
	if err := cmd.Wait(); err == nil {
		t.Fatal("the import ended by itself, though its list goes on")
	}
	listed("NK-19 ", "NK-100")
	imported(50, 20)
	listed("NK-69 ", "NK-19 ")
}

// madeUpNames is a list of n made-up names.
func madeUpNames(first, n int) string {
	var b strings.Builder
	b.WriteString("id,name,kind\n")
	for i := first; i < first+n; i++ {
		fmt.Fprintf(&b, "NK-%d,Asan Tumanbek %d,person\n", i, i)
	}
	return b.String()
}
