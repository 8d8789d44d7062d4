// Package driftwatch_test holds the house to its own rules.
package driftwatch_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the import rule: for each room, the rooms that it may import
// besides itself. Everything may import configs, which imports nothing of ours.
var mayImport = map[string][]string{
	"news":     {},
	"guard":    {},
	"configs":  {},
	"text":     {"news"},
	"crawler":  {"news", "guard", "text"},
	"rules":    {"news", "guard", "text"},
	"story":    {"news", "guard", "text"},
	"drift":    {"news", "guard", "text"},
	"store":    {"news", "guard", "text"},
	"alert":    {"news", "guard", "text"},
	"review":   {"news", "guard", "text"},
	"newsroom": {"news", "guard", "text"},
	"watch":    {"news", "guard", "text", "crawler", "rules", "story", "drift", "store", "alert", "review"},
	"cmd":      {"news", "guard", "text", "crawler", "rules", "story", "drift", "store", "alert", "review", "watch", "newsroom"},
}

type listed struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	rooms := map[string]bool{}
	for _, p := range packages(t) {
		room := roomOf(p.ImportPath)
		if room == "" {
			continue
		}
		rooms[room] = true
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("%s is in no room that the import rule knows", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			to := roomOf(imp)
			if to == "" || to == room || to == "configs" && room != "configs" {
				continue
			}
			if !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s: %s may import only %v and configs", p.ImportPath, imp, room, allowed)
			}
		}
	}
	for _, room := range []string{"news", "guard", "text", "crawler", "rules", "story", "drift", "store", "alert", "watch", "newsroom", "configs", "cmd"} {
		if !rooms[room] {
			t.Errorf("room %s has no package: is the list of packages complete?", room)
		}
	}
}

func TestNobodyImportsTheEvaluation(t *testing.T) {
	for _, p := range packages(t) {
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if strings.HasPrefix(imp, "driftwatch/eval") {
				t.Errorf("%s imports %s", p.ImportPath, imp)
			}
		}
	}
}

// packages lists the module's packages as the go command sees them.
func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "sqlite_fts5", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// roomOf is the first folder of one of our own packages.
func roomOf(path string) string {
	rest, ours := strings.CutPrefix(path, "driftwatch/")
	if !ours {
		return ""
	}
	room, _, _ := strings.Cut(rest, "/")
	return room
}
