package configs

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// secretWords are in the test data where secrets would be.
var secretWords = []string{"hunter2", "HUNTER2", "letmein"}

func testEnv(name string) (string, bool) {
	value, set := map[string]string{
		"CONTACT":   "desk@example.org",
		"SECRET":    "HUNTER2",
		"LEVEL":     "3",
		"BADREGEXP": "(HUNTER2",
	}[name]
	return value, set
}

// Each file in testdata/errors has all its faults reported in exactly these
// words.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files to test:", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			r := Check(file, testEnv)
			got := r.Faults.Error() + "\n"
			if r.Config != nil || len(r.Faults) == 0 {
				t.Error("no fault was found")
			}
			compare(t, strings.TrimSuffix(file, ".yaml")+".txt", got)
			for _, word := range secretWords {
				if strings.Contains(got, word) {
					t.Errorf("the secret %s is in the message:\n%s", word, got)
				}
				if strings.Contains(strings.Join(r.Warnings, "\n"), word) {
					t.Errorf("the secret %s is in a warning: %q", word, r.Warnings)
				}
			}
		})
	}
}

func compare(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("x", 200)
	for _, c := range []struct {
		name, line string
		column     int
		want       string
	}{
		{"plain", "a: b", 4, "a: b\n   ^"},
		{"tabs are repeated", "\ta:\tb", 5, "\ta:\tb\n\t  \t^"},
		{"Cyrillic", "имя: б", 6, "имя: б\n     ^"},
		{"wide characters take two cells", "新华社: б", 6, "新华社: б\n        ^"},
		{"combining marks take none", "Ты\u0301: б", 6, "Ты\u0301: б\n    ^"},
		{"past the end", "ab", 3, "ab\n  ^"},
		{"far past the end", "ab", 30, "ab\n  ^"},
		{"empty", "", 1, "\n^"},
		{"terminal commands", "a\x1b[2Jb\u202e", 2, "a?[2Jb?\n ^"},
		{"cut on the right", long, 3, strings.Repeat("x", 120) + "…\n  ^"},
		{"cut on the left", long, 200, "…" + strings.Repeat("x", 61) + "\n" + strings.Repeat(" ", 61) + "^"},
		{"cut on both sides", long, 100, "…" + strings.Repeat("x", 120) + "…\n" + strings.Repeat(" ", 61) + "^"},
		{"wide and cut", strings.Repeat("社", 100), 100, "…" + strings.Repeat("社", 31) + "\n" + strings.Repeat(" ", 61) + "^"},
	} {
		if got := Snippet(c.line, c.column); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	keys := []string{"min_level", "themes", "countries", "to", "name"}
	for _, c := range []struct {
		wrong string
		names []string
		want  string
	}{
		{"min_levl", keys, "min_level"},
		{"minLevel", keys, "min_level"},
		{"min-level", keys, "min_level"},
		{"thmees", keys, "themes"},
		{"country", keys, "countries"},
		{"colour", keys, ""},
		{"contries", keys, "countries"},
		{"ot", keys, ""},
		{"TO", keys, "to"},
		{"kg", []string{"KZ", "KG"}, "KG"},
		{"KK", []string{"KZ", "KG"}, ""},
		{"санкций", []string{"санкции", "станции"}, "санкции"},
		{"", keys, ""},
		{"x", nil, ""},
		{strings.Repeat("x", 100_000), keys, ""},
	} {
		if got := Nearest(c.wrong, c.names); got != c.want {
			t.Errorf("Nearest(%.20q) = %q, want %q", c.wrong, got, c.want)
		}
	}
}
