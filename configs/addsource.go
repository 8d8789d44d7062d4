package configs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
)

// sourceText is a source as it is written for an operator: what is usual is
// left out.
type sourceText struct {
	ID        string   `yaml:"id"`
	Name      string   `yaml:"name"`
	Country   string   `yaml:"country"`
	Languages []string `yaml:"languages,flow"`
	Kind      string   `yaml:"kind"`
	URL       string   `yaml:"url"`
	Homepage  string   `yaml:"homepage,omitempty"`
	Ownership string   `yaml:"ownership,omitempty"`
	Enabled   *bool    `yaml:"enabled,omitempty"`
	Note      string   `yaml:"note,omitempty"`
}

// SourceYAML writes sources as entries of a list, for a file of sources. Only
// what says which source it is and how it is read is written.
func SourceYAML(sources ...Source) []byte {
	list := make([]sourceText, len(sources))
	for i, s := range sources {
		list[i] = sourceText{
			ID: s.ID, Name: s.Name, Country: s.Country, Languages: s.Languages, Kind: s.Kind, URL: s.URL,
			Homepage: s.Homepage, Ownership: s.Ownership, Note: s.Note,
		}
		if !s.Enabled {
			list[i].Enabled = &s.Enabled
		}
	}
	data, err := yaml.MarshalWithOptions(list, yaml.IndentSequence(false))
	if err != nil {
		panic(err) // words and lists of words have a YAML form
	}
	return bytes.ReplaceAll(data, []byte("\n- id:"), []byte("\n\n- id:"))
}

// AddSources writes sources at the end of a file of sources, which is made
// where there is none. The file is read back before it is put in its place: an
// error says what is wrong with it or with a source, and nothing has changed.
func AddSources(file string, sources ...Source) error {
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text := bytes.TrimRight(old, " \t\r\n")
	if len(text) > 0 {
		text = append(text, "\n\n"...)
	}
	text = append(text, SourceYAML(sources...)...)
	doc := open(&Document{file: file, expand: expander(os.LookupEnv, ".", func(string) {})}, text)
	seen := map[string]bool{}
	for _, f := range readSources(doc) {
		checkSource(f)
		if seen[f.ID] {
			doc.FaultKey(f.at, fmt.Sprintf("the id %s is there twice", f.ID))
		}
		seen[f.ID] = true
	}
	if err := doc.Err(); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(file); err == nil {
		mode = info.Mode().Perm()
	}
	return writeFile(file, text, mode)
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// SourceID makes an id for a source from its name or its host's, one that isn't
// taken yet.
func SourceID(name string, taken []string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r < unicode.MaxASCII {
			b.WriteRune(r)
		}
	}
	id := strings.Trim(notID.ReplaceAllString(b.String(), "-"), "-")
	if id == "" {
		id = "source"
	}
	has := map[string]bool{}
	for _, t := range taken {
		has[t] = true
	}
	for n := 2; has[id]; n++ {
		if next := fmt.Sprintf("%s-%d", id, n); !has[next] {
			return next
		}
	}
	return id
}
