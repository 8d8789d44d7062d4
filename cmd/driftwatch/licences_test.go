package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"driftwatch/review"
)

// The page about the program gives the licence of each module that it is built of,
// with its text. go test -run Licences -update writes the file anew.
func TestLicencesOfAllModules(t *testing.T) {
	list := exec.Command("go", "list", "-tags", "sqlite_fts5", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", ".")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(string(out))
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	dirs := map[string]string{"Go": strings.TrimSpace(string(root))}
	for i := 0; i+1 < len(modules); i += 2 {
		dirs[modules[i]] = modules[i+1]
	}
	if *update {
		writeLicences(t, dirs)
	}
	known := review.Licences()
	for module := range dirs {
		if known[module] == "" {
			t.Errorf("%s has no licence in review/static/licences.txt; write it anew: go test -tags sqlite_fts5 ./cmd/driftwatch -run Licences -update", module)
		}
	}
	for module := range known {
		if dirs[module] == "" {
			t.Errorf("%s is in review/static/licences.txt, and no longer in the program", module)
		}
	}
}

func writeLicences(t *testing.T, dirs map[string]string) {
	t.Helper()
	var b bytes.Buffer
	for _, module := range sortedKeys(dirs) {
		var texts []string
		var names []string
		entries, err := os.ReadDir(dirs[module])
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			name := strings.ToLower(e.Name())
			if e.IsDir() || !strings.HasPrefix(name, "licen") && !strings.HasPrefix(name, "copying") && !strings.HasPrefix(name, "notice") {
				continue
			}
			data, err := os.ReadFile(filepath.Join(dirs[module], e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, strings.TrimSpace(string(data)))
			if spdx := spdxOf(string(data)); spdx != "" && !slices.Contains(names, spdx) {
				names = append(names, spdx)
			}
		}
		if len(names) == 0 {
			t.Errorf("%s: no licence is known by its text in %s", module, dirs[module])
		}
		fmt.Fprintf(&b, "==== %s %s\n\n%s\n\n", module, strings.Join(names, ", "), strings.Join(texts, "\n\n"))
	}
	if err := os.WriteFile("../../review/static/licences.txt", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// spdxOf names a licence by words of its text; empty: it is none of those known.
func spdxOf(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, l := range []struct{ name, words string }{
		{"Apache-2.0", "Apache License Version 2.0"}, {"Apache-2.0", "Apache License, Version 2.0"}, {"OFL-1.1", "SIL OPEN FONT LICENSE Version 1.1"}, {"MPL-2.0", "Mozilla Public License Version 2.0"},
		{"MIT", "Permission is hereby granted, free of charge"}, {"BSD-3-Clause", "endorse or promote products derived from"},
		{"BSD-2-Clause", "Redistributions in binary form must reproduce"}, {"FTL", "FreeType Project LICENSE"}, {"FTL", "FreeType License"},
	} {
		if strings.Contains(text, l.words) {
			return l.name
		}
	}
	return ""
}
