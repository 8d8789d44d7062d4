package configs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAddSources(t *testing.T) {
	dir := t.TempDir()
	file := writeIn(t, dir, "sources.yaml", "# Mine\n- {id: gazette, name: Gazette, country: KZ, languages: [kk], kind: feed, url: 'https://gazette.example/rss'}  \n\n")
	s := Source{Name: "Вести: \"Алмалы\" #1", Country: "KG", Languages: []string{"ru", "ky"}, Kind: "site", URL: "https://almaly.example/", Homepage: "https://almaly.example/", Ownership: "private"}
	s.SetDefaults()
	s.ID = SourceID("almaly.example", []string{"almaly-example"})
	if s.ID != "almaly-example-2" {
		t.Errorf("id %q", s.ID)
	}
	if err := AddSources(file, s); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "# Mine\n- {id: gazette") {
		t.Errorf("what was there has changed:\n%s", text)
	}
	c := load(t, "sources: [{file: "+file+"}]")
	if len(c.Sources) != 2 || c.Sources[1].Name != s.Name || c.Sources[1].URL != s.URL || !c.Sources[1].Enabled || len(c.Sources[1].Languages) != 2 {
		t.Errorf("read back: %+v", c.Sources)
	}
	if len(c.Files) != 1 || c.Files[0] != file {
		t.Errorf("files %q", c.Files)
	}

	// What can't be read back changes nothing.
	if err := AddSources(file, s); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("the same id again: %v", err)
	}
	bad := s
	bad.ID, bad.Country = "other", "Kyrgyzstan"
	if err := AddSources(file, bad); err == nil || !strings.Contains(err.Error(), "country") {
		t.Errorf("a country that is none: %v", err)
	}
	if after, _ := os.ReadFile(file); string(after) != string(text) {
		t.Errorf("a refused source changed the file:\n%s", after)
	}

	fresh := filepath.Join(dir, "new", "mine.yaml")
	if err := AddSources(fresh, s); err != nil {
		t.Fatal(err)
	}
	if c := load(t, "sources: [{file: "+fresh+"}]"); len(c.Sources) != 1 {
		t.Errorf("a new file has %d sources", len(c.Sources))
	}
}

// Whatever way a list of sources is written in, one can be added: what is there stays
// byte for byte, and what is added is indented as the list is.
func TestAddSourcesKeepsTheLayout(t *testing.T) {
	entry := "{id: gazette, name: Gazette, country: KZ, languages: [kk], kind: feed, url: 'https://gazette.example/rss'}"
	block := "id: gazette\n%sname: Газета\n%scountry: KZ\n%slanguages: [kk]\n%skind: feed\n%surl: https://gazette.example/rss # ours\n"
	in := func(margin string) string { return strings.ReplaceAll(block, "%s", margin+"  ") }
	added := Source{Name: "Вести, \"Алмалы\" [#1]: {x}", Country: "KG", Languages: []string{"ru", "ky"}, Kind: "site", URL: "https://almaly.example/?a=1,2"}
	added.SetDefaults()
	added.ID = "almaly"
	second := added
	second.ID, second.URL = "almaly-two", "https://almaly.example/two"
	for name, c := range map[string]struct {
		text string
		cut  string // of what is there, what the new entries take the place of
		has  string // stands in the result
	}{
		"nothing":                {"", "", "- id: almaly\n"},
		"only a comment":         {"# mine\n", "", "# mine\n\n- id: almaly\n"},
		"a list":                 {"# mine\n- " + in("") + "# off for now:\n# - id: other\n", "", "# - id: other\n\n- id: almaly\n"},
		"an indented list":       {"  - " + in("  "), "", "\n  - id: almaly\n    name:"},
		"under a key":            {"# mine\nsources:\n- " + in(""), "", "\n- id: almaly\n"},
		"indented under a key":   {"sources: # all\n    - " + in("    ") + "\n# the end", "", "\n    - id: almaly\n      name:"},
		"an empty list":          {"# mine\nsources: [] # none yet\n# more\n", " []", "sources: # none yet\n# more\n\n  - id: almaly\n"},
		"an empty list alone":    {"# mine\n[]\n", "[]", "\n- id: almaly\n"},
		"a key alone":            {"sources:\n", "", "sources:\n\n  - id: almaly\n"},
		"null":                   {"sources: null # none\n", "null", "# none\n\n  - id: almaly\n"},
		"brackets":               {"sources: [" + entry + "]\n", "", "}, {\"id\": \"almaly\","},
		"brackets, comma":        {"sources: [" + entry + ",]\n", "", "}, {\"id\": \"almaly\","},
		"lines in brackets":      {"sources: [\n  " + entry + " # ours\n] # end\n", "", "}, # ours\n  {\"id\": \"almaly\","},
		"lines, comma":           {"[\n  " + entry + ", # ours\n]\n", "", ", # ours\n  {\"id\": \"almaly\","},
		"empty, lines":           {"sources: [\n  # none yet\n]\n", "", "# none yet\n  {\"id\": \"almaly\","},
		"a group in brackets":    {"{sources: []}\n", "", "[{\"id\": \"almaly\","},
		"a beginning, an end":    {"---\nsources:\n  - " + in("  ") + "...\n", "", "\n  - id: almaly\n"},
		"lines of Windows":       {strings.ReplaceAll("sources:\n  - "+in("  "), "\n", "\r\n"), "", "\r\n  - id: almaly\r\n    name:"},
		"a mark of UTF-8":        {"\ufeffsources: []\n", " []", "  - id: almaly\n"},
		"a long text at the end": {"- " + in("") + "  note: |\n    one\n    two\n", "", "two\n\n- id: almaly\n"},
	} {
		file := writeIn(t, t.TempDir(), "sources.yaml", c.text)
		if err := AddSources(file, added, second); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), c.has) {
			t.Errorf("%s: %q isn't in\n%s", name, c.has, text)
		}
		rest := strings.ReplaceAll(string(text), ",", "")
		for line := range strings.Lines(strings.Replace(c.text, c.cut, "", 1)) {
			if line = strings.ReplaceAll(strings.TrimRight(line, "\r\n,]} "), ",", ""); !strings.Contains(rest, line) {
				t.Errorf("%s: %q is gone from\n%s", name, line, text)
			}
		}
		got := load(t, "sources: [{file: "+file+"}]").Sources
		if n := len(got); n < 2 || n != strings.Count(c.text, "id: gazette")+2 || got[n-2].Name != added.Name || got[n-2].URL != added.URL || got[n-1].ID != second.ID {
			t.Errorf("%s: read back: %+v of\n%s", name, got, text)
		}
	}
	for text, says := range map[string]string{
		"sources: &all [" + entry + "]\n": "by hand",
		"sources: all\n":                  "list", "other: 1\n": "other",
	} {
		file := writeIn(t, t.TempDir(), "sources.yaml", text)
		if err := AddSources(file, added); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
		if after, _ := os.ReadFile(file); string(after) != text {
			t.Errorf("a refused file was changed:\n%s", after)
		}
	}
}
