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
