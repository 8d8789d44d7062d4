package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"mvdan.cc/sh/v3/syntax"

	"driftwatch/newsroom"
	"driftwatch/newsroom/sink"
)

// page is a page that a user reads.
type page struct{ file, text string }

// block is a fenced block of a page.
type block struct {
	at   string // file:line
	lang string // the first word of the fence's info
	name string // the second: the file that the block is
	text string
}

const repository = "../.."

func pages(t *testing.T) []page {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all []page
	for _, f := range append(files, filepath.Join(repository, "README.md"), filepath.Join(repository, "eval", "README.md")) {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page{f, string(text)})
	}
	if len(all) < 6 {
		t.Fatalf("only %d pages", len(all))
	}
	return all
}

var fence = regexp.MustCompile("(?ms)^( *)```([^\\n]*)\\n(.*?)^ *```$")

func (p page) blocks() []block {
	var all []block
	for _, m := range fence.FindAllStringSubmatchIndex(p.text, -1) {
		info := strings.Fields(p.text[m[4]:m[5]])
		b := block{at: fmt.Sprintf("%s:%d", p.file, 1+strings.Count(p.text[:m[0]], "\n")), text: p.text[m[6]:m[7]]}
		if len(info) > 0 {
			b.lang = info[0]
		}
		if len(info) > 1 {
			b.name = info[1]
		}
		all = append(all, b)
	}
	return all
}

// prose is the page without its fenced blocks.
func (p page) prose() string { return fence.ReplaceAllString(p.text, "") }

// call is a call of driftwatch in a page.
type call struct {
	at    string
	args  []string
	whole bool // with all its arguments, as in a script; else a mention
}

var mention = regexp.MustCompile("`(driftwatch [^`]*)`")

// calls are those of a page: in its scripts and crontabs, and mentioned.
func (p page) calls(t *testing.T) []call {
	t.Helper()
	var all []call
	for _, b := range p.blocks() {
		script := b.text
		switch b.lang {
		case "cron":
			script = crontab(t, b)
		case "sh":
		default:
			continue
		}
		all = append(all, callsIn(t, b.at, script, true)...)
	}
	for _, m := range mention.FindAllStringSubmatch(p.prose(), -1) {
		all = append(all, callsIn(t, p.file, strings.Join(strings.Fields(m[1]), " "), false)...)
	}
	return all
}

var (
	schedule    = regexp.MustCompile(`^([\d*/,-]+ +){5}`)
	environment = regexp.MustCompile(`^[A-Z_]+=`)
)

// crontab is the commands of a crontab, as the shell gets them.
func crontab(t *testing.T, b block) string {
	t.Helper()
	var script strings.Builder
	for line := range strings.Lines(b.text) {
		if strings.HasPrefix(line, "#") || environment.MatchString(line) || strings.TrimSpace(line) == "" {
			continue
		}
		when := schedule.FindString(line)
		if when == "" {
			t.Errorf("%s: no schedule of five fields: %s", b.at, line)
		}
		script.WriteString(strings.ReplaceAll(strings.TrimPrefix(line, when), `\%`, "%"))
	}
	return script.String()
}

// callsIn finds calls in a script: of the program itself, by sudo and env, and
// in a container.
func callsIn(t *testing.T, at, script string, whole bool) []call {
	t.Helper()
	file, err := syntax.NewParser().Parse(strings.NewReader(script), at)
	if err != nil {
		t.Errorf("%s: no shell script: %v", at, err)
		return nil
	}
	var all []call
	syntax.Walk(file, func(n syntax.Node) bool {
		c, ok := n.(*syntax.CallExpr)
		if !ok {
			return true
		}
		if args, ok := ours(words(c)); ok {
			all = append(all, call{at, args, whole})
		}
		return true
	})
	return all
}

// words are a command's words, without their quotes.
func words(c *syntax.CallExpr) []string {
	var all []string
	for _, w := range c.Args {
		var b bytes.Buffer
		syntax.NewPrinter().Print(&b, w)
		all = append(all, strings.Trim(b.String(), `"'`))
	}
	return all
}

// ours are the arguments of a call of the program.
func ours(words []string) (args []string, ok bool) {
	if len(words) == 0 {
		return nil, false
	}
	is := func(i int) bool { return path.Base(words[i]) == "driftwatch" }
	switch {
	case is(0):
		return words[1:], true
	case words[0] == "sudo", words[0] == "docker" && words[1] == "run":
		for i := len(words) - 1; i > 1; i-- {
			if is(i) && !strings.HasPrefix(words[i-1], "-") {
				return words[i+1:], true
			}
		}
	}
	return nil, false
}

// check says what is wrong with a call, and which command it is.
func (c call) check() (cmd *cobra.Command, err error) {
	a := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, location: time.UTC}
	root := a.root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	cmd, rest, err := root.Find(c.args)
	if err != nil {
		return nil, err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return cmd, err
	}
	args := cmd.Flags().Args()
	if cmd.HasSubCommands() && len(args) > 0 && cmd.Name() != "help" {
		return cmd, fmt.Errorf("%s has no command %q", cmd.CommandPath(), args[0])
	}
	if c.whole && cmd.Name() != "help" {
		return cmd, cmd.ValidateArgs(args)
	}
	return cmd, nil
}

func TestDocsCallWhatThereIs(t *testing.T) {
	n := 0
	for _, p := range pages(t) {
		for _, c := range p.calls(t) {
			n++
			if _, err := c.check(); err != nil {
				t.Errorf("%s: driftwatch %s: %v", c.at, strings.Join(c.args, " "), err)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d calls found", n)
	}
}

func TestDocsNameEveryCommand(t *testing.T) {
	named := map[string]bool{}
	for _, p := range pages(t) {
		for _, c := range p.calls(t) {
			if cmd, err := c.check(); err == nil {
				named[cmd.CommandPath()] = true
			}
		}
	}
	for _, cmd := range commands((&app{}).root()) {
		if !cmd.HasSubCommands() && !named[cmd.CommandPath()] {
			t.Errorf("no page names %s", cmd.CommandPath())
		}
	}
}

func TestHelpExamplesCallWhatThereIs(t *testing.T) {
	for _, cmd := range commands((&app{}).root()) {
		for _, c := range callsIn(t, cmd.CommandPath()+" --help", cmd.Example, true) {
			if _, err := c.check(); err != nil {
				t.Errorf("%s: driftwatch %s: %v", c.at, strings.Join(c.args, " "), err)
			}
		}
	}
}

func TestEachHelpListsExitCodesAndAnExample(t *testing.T) {
	for _, cmd := range commands((&app{}).root()) {
		if !strings.Contains(cmd.Long, "Exit codes: 0") {
			t.Errorf("%s --help lists no exit codes", cmd.CommandPath())
		}
		if cmd.Runnable() && !cmd.HasSubCommands() && !cmd.HasExample() && cmd.Flags().HasFlags() {
			t.Errorf("%s --help has no example", cmd.CommandPath())
		}
	}
}

// commands are all below root that help lists.
func commands(root *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			all = append(append(all, c), commands(c)...)
		}
	}
	return all
}

// goesOn are commands that don't end, or that ask a daemon.
var goesOn = []string{"serve", "health", "demo"}

// placeholder stands for something that a reader puts in.
var placeholder = regexp.MustCompile(`(^|[ =])(ID|FILE|FOLDER|NAME|CHANNEL|URL)\b`)

// TestDocsExamplesRun runs the pages' scripts, statement by statement, over a
// newsroom's database; what calls anything but driftwatch and the shell's plain
// tools is left out. Files that they read lie in testdata/docs.
func TestDocsExamplesRun(t *testing.T) {
	dir := docsFolder(t)
	ran := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks() {
			if b.lang != "sh" {
				continue
			}
			file, err := syntax.NewParser().Parse(strings.NewReader(b.text), b.at)
			if err != nil {
				t.Errorf("%s: %v", b.at, err)
				continue
			}
			for _, s := range file.Stmts {
				if !runnable(s) {
					continue
				}
				var text bytes.Buffer
				syntax.NewPrinter().Print(&text, s)
				ran++
				if out, err := runInDocs(dir, text.String()); err != nil {
					t.Errorf("%s: %s\n%v\n%s", b.at, &text, err, out)
				}
			}
		}
	}
	if ran < 15 {
		t.Errorf("only %d statements ran", ran)
	}
}

// runnable reports whether a statement can be run without a network and without
// leaving anything outside its folder, and ends.
func runnable(s *syntax.Stmt) bool {
	some, fit := false, true
	syntax.Walk(s, func(n syntax.Node) bool {
		if r, ok := n.(*syntax.Redirect); ok && strings.HasPrefix(r.Word.Lit(), "/") {
			fit = false // it would write to the system's folders
		}
		c, ok := n.(*syntax.CallExpr)
		if !ok || len(c.Args) == 0 {
			return true
		}
		w := words(c)
		args, isOurs := ours(w)
		_, err := exec.LookPath(w[0])
		switch {
		case isOurs && path.Base(w[0]) == "driftwatch":
			some = true
			fit = fit && !placeholder.MatchString(strings.Join(args, " ")) && !slices.ContainsFunc(args, func(a string) bool { return slices.Contains(goesOn, a) })
		case !slices.Contains([]string{"echo", "cat", "jq", "head", "grep", "printf"}, w[0]) || err != nil:
			fit = false
		}
		return true
	})
	return some && fit
}

// docsFolder is a folder to run scripts in: a newsroom polled once, the files of
// testdata/docs, and the program.
func docsFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "docs"))); err != nil {
		t.Fatal(err)
	}
	room, err := newsroom.Start(t.Context(), newsroom.Options{Faults: newsroom.QuickFaults})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { room.Close() })
	sinks, err := sink.Start(t.Context(), sink.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sinks.Close() })
	var b bytes.Buffer
	if err := room.WriteConfig(&b, newsroom.Setup{Store: filepath.Join(dir, "driftwatch.db"), Sinks: sinks}); err != nil {
		t.Fatal(err)
	}
	config := strings.ReplaceAll(b.String(), "desk-slack", "desk") // the pages' channel
	if err := os.WriteFile(filepath.Join(dir, "newsroom.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(dir, "bin", "driftwatch")); err != nil {
		t.Fatal(err)
	}
	if out, err := runInDocs(dir, "driftwatch run"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

func runInDocs(dir, script string) ([]byte, error) {
	script = strings.NewReplacer("/etc/driftwatch/driftwatch.yaml", "newsroom.yaml", "/etc/driftwatch", "etc",
		"/usr/local/bin/driftwatch", "driftwatch").Replace(script)
	c := exec.Command("sh", "-c", script)
	c.Dir = dir
	c.Env = append(os.Environ(), runAsProgram+"=1", "DRIFTWATCH_CONFIG=newsroom.yaml", "HOME="+dir, "TZ=UTC",
		"PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"))
	return c.CombinedOutput()
}

// TestDocsYAMLIsRead puts each block of YAML that names its file in the fence
// ("```yaml sources.yaml") in the place of that file, in a folder that init
// wrote, and has config check read it. Other blocks have to be YAML.
func TestDocsYAMLIsRead(t *testing.T) {
	t.Setenv("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/T0/B0/x")
	t.Setenv("SMTP_USER", "desk")
	t.Setenv("SMTP_PASSWORD", "secret")
	for _, p := range pages(t) {
		if filepath.Base(p.file) == "rules.md" {
			continue // TestRulesPageRuns
		}
		for _, b := range p.blocks() {
			if b.lang != "yaml" {
				continue
			}
			t.Run(b.at, func(t *testing.T) {
				if b.name == "" {
					var v any
					if err := yaml.Unmarshal([]byte(b.text), &v); err != nil {
						t.Error(err)
					}
					return
				}
				dir := t.TempDir()
				var out bytes.Buffer
				if code := Main([]string{"init", dir}, nil, &out, &out); code != exitDone {
					t.Fatal(out.String())
				}
				if err := os.WriteFile(filepath.Join(dir, b.name), []byte(b.text), 0o600); err != nil {
					t.Fatal(err)
				}
				out.Reset()
				if code := Main([]string{"config", "check", "--config", filepath.Join(dir, "driftwatch.yaml")}, nil, &out, &out); code != exitDone {
					t.Error(out.String())
				}
			})
		}
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s#]*)(?:#([^)\s]*))?\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.*)$`)
)

func TestDocsLinksLeadSomewhere(t *testing.T) {
	for _, p := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(p.prose(), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			target := p.file
			if m[1] != "" {
				target = filepath.Join(filepath.Dir(p.file), m[1])
			}
			text, err := os.ReadFile(target)
			if err != nil {
				t.Errorf("%s: %v", p.file, err)
				continue
			}
			if m[2] != "" && !slices.Contains(anchors(string(text)), m[2]) {
				t.Errorf("%s: %s has no heading #%s", p.file, target, m[2])
			}
		}
	}
}

// anchors are the names that headings are linked by.
func anchors(text string) []string {
	var all []string
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		all = append(all, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, m[1]))
	}
	return all
}
