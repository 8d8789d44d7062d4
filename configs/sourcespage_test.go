package configs

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

var writePage = flag.Bool("write", false, "write docs/sources.md anew from the catalogue")

const sourcesPage = "../docs/sources.md"

// TestSourcesPage holds that docs/sources.md is what the catalogue says;
// `go test ./configs -run TestSourcesPage -write` writes it.
func TestSourcesPage(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	want := renderSources(all)
	if *writePage {
		if err := os.WriteFile(sourcesPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(sourcesPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/sources.md isn't what configs/sources.yaml says; write it anew: go test ./configs -run TestSourcesPage -write")
	}
}

var countryNames = map[string]string{
	"KZ": "Kazakhstan", "KG": "Kyrgyzstan", "UZ": "Uzbekistan", "TJ": "Tajikistan", "TM": "Turkmenistan",
	"INT": "Of no single country, or from elsewhere", "RU": "Russia",
}

func renderSources(all []Source) string {
	var b strings.Builder
	on, counted := 0, 0
	for _, s := range all {
		if s.PerDay > 0 {
			counted++
		}
		if s.Enabled {
			on++
		}
	}
	fmt.Fprintf(&b, `# The catalogue of sources

This page is made from the catalogue that is built in (`+"`configs/sources.yaml`"+`): %d sources,
of which %d are polled. Those that are off have a reason. Most addresses were written
down by others: see what works from where you are with `+"`driftwatch sources check`"+`.
What *leaning* says is common knowledge, not a measure; the usual number of items a day
is given where somebody counted (%d of them): on one day of 2026, or when the note says.
What is really seen of each stands in `+"`driftwatch sources list`"+` once it is polled.
`, len(all), on, counted)
	country := ""
	for _, s := range all {
		if s.Country != country {
			country = s.Country
			fmt.Fprintf(&b, "\n## %s\n\n| id | name | kind | languages | ownership, leaning | a day | note |\n|---|---|---|---|---|---|---|\n", countryNames[country])
		}
		note := strings.TrimSpace(s.Note + " " + mirrored(s.Mirrors))
		if !s.Enabled {
			note = "**off**: " + note
		}
		owner := s.Ownership
		if s.Leaning != "" {
			owner += "; " + s.Leaning
		}
		day := ""
		if s.PerDay > 0 {
			day = strconv.Itoa(s.PerDay)
		}
		fmt.Fprintf(&b, "| `%s` | [%s](%s) | %s | %s | %s | %s | %s |\n",
			s.ID, cell(s.Name), s.Homepage, s.Kind, strings.Join(s.Languages, ", "), cell(owner), day, cell(note))
	}
	return b.String()
}

// mirrored says where else a listing can be read.
func mirrored(mirrors []string) string {
	if len(mirrors) == 0 {
		return ""
	}
	return "Mirrors: " + strings.Join(mirrors, ", ") + "."
}

// cell is a text as it stands in a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(strings.TrimSpace(s))
}
