package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"driftwatch/configs"
	"driftwatch/rules"
	"driftwatch/rules/theme"
)

func rulesPage(t *testing.T) page {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "docs", "rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	return page{"docs/rules.md", string(text)}
}

// TestRulesPageRuns does what a reader of docs/rules.md does, from top to
// bottom: writes each file that a fence names, and types what stands behind $ in
// its consoles, which must answer as the page says.
func TestRulesPageRuns(t *testing.T) {
	dir := t.TempDir()
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
	files, commands := 0, 0
	for _, b := range rulesPage(t).blocks() {
		switch {
		case b.lang == "yaml" && b.name != "":
			files++
			name := filepath.Join(dir, b.name)
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(b.text), 0o600); err != nil {
				t.Fatal(err)
			}
		case b.lang == "console":
			for _, typed := range strings.Split("\n"+b.text, "\n$ ")[1:] {
				commands++
				command, want, _ := strings.Cut(strings.TrimSuffix(typed, "\n"), "\n")
				c := exec.Command("sh", "-c", command+" 2>&1")
				c.Dir = dir
				c.Env = append(os.Environ(), runAsProgram+"=1", "HOME="+dir, "DRIFTWATCH_CONFIG=",
					"PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"))
				out, _ := c.Output() // a fault is shown on purpose
				if got := strings.TrimSuffix(string(out), "\n"); got != want {
					t.Errorf("%s: %s\ngot\n%s\nthe page says\n%s", b.at, command, got, want)
				}
			}
		}
	}
	if files < 5 || commands < 5 {
		t.Errorf("only %d files and %d commands", files, commands)
	}
	r, err := rules.Check(nil, rules.From(1), configs.FS(), theme.Open(filepath.Join(dir, "rules")))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Pack == 1 && f.Error {
			t.Errorf("%s:%d: %s", f.File, f.Line, f.Message)
		}
	}
}

// TestRulesPageQueries: each query of the page's table is one, of names that the
// embedded packs have.
func TestRulesPageQueries(t *testing.T) {
	section := regexp.MustCompile(`(?s)\n## The query language\n(.*?)\n## `).FindStringSubmatch(rulesPage(t).text)
	if section == nil {
		t.Fatal("the page has no section on the query language")
	}
	queries := regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(section[1], -1)
	if len(queries) < 15 {
		t.Errorf("only %d queries", len(queries))
	}
	pack := "signals:\n"
	for i, q := range queries {
		pack += fmt.Sprintf("  - {id: Q%d, theme: t, title: T, level: 1, direction: none, when: '%s'}\n", i, q[1])
	}
	if _, err := rules.Load(configs.FS(), fstest.MapFS{"q.yaml": {Data: []byte(pack)}}); err != nil {
		t.Error(err)
	}
}

// TestRulesPageNamesEveryKey: the page explains all that a pack may say.
func TestRulesPageNamesEveryKey(t *testing.T) {
	text := rulesPage(t).text
	for _, m := range regexp.MustCompile(`(?m)^ {8}"([a-z]+)": \{`).FindAllStringSubmatch(string(theme.Schema), -1) {
		if !strings.Contains(text, "`"+m[1]+"`") && !strings.Contains(text, m[1]+":") {
			t.Errorf("the page doesn't say what %s is", m[1])
		}
	}
}
