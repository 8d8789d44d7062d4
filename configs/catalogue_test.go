package configs

import (
	"cmp"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// The catalogue is one that can be worked with: every source whole, in order,
// and switched off only for a reason.
func TestCatalogue(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	enabled, countries, languages, kinds := 0, map[string]int{}, map[string]int{}, map[string]int{}
	ids, addresses := map[string]bool{}, map[string]string{}
	for _, s := range all {
		kinds[s.Kind]++
		if ids[s.ID] {
			t.Errorf("%s is there twice", s.ID)
		}
		ids[s.ID] = true
		if other := addresses[s.URL]; other != "" {
			t.Errorf("%s has the address of %s", s.ID, other)
		}
		addresses[s.URL] = s.ID
		if s.Name == "" || s.Ownership == "" || s.Homepage == "" || len(s.Languages) == 0 {
			t.Errorf("%s lacks something", s.ID)
		}
		if !s.Enabled {
			if s.Note == "" {
				t.Errorf("%s is switched off without a reason", s.ID)
			}
			continue
		}
		enabled++
		countries[s.Country]++
		for _, l := range s.Languages {
			languages[l]++
		}
	}
	if enabled < 60 {
		t.Errorf("%d sources are enabled, 60 is the least", enabled)
	}
	for _, c := range append([]string{"INT", "RU"}, watched...) {
		if countries[c] < 5 {
			t.Errorf("%d sources of %s are enabled", countries[c], c)
		}
	}
	for _, l := range []string{"ru", "en", "kk", "ky", "uz", "uz-Latn", "uz-Cyrl", "tg", "tk", "uk", "az", "hy", "be", "tt", "ba", "fr"} {
		if languages[l] == 0 {
			t.Errorf("no source in %s is enabled", l)
		}
	}
	for _, k := range []string{"feed", "site", "sitemap", "telegram"} {
		if kinds[k] == 0 {
			t.Errorf("there is no source of kind %s", k)
		}
	}
}

// The order is that of the watched countries, of what is of no country, of
// Russia; in each, of the ids.
func TestCatalogueOrder(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	groups := append(slices.Clone(watched), "INT", "RU")
	byOrder := func(a, b Source) int {
		return cmp.Or(cmp.Compare(slices.Index(groups, a.Country), slices.Index(groups, b.Country)), cmp.Compare(a.ID, b.ID))
	}
	for i := range all[1:] {
		if byOrder(all[i], all[i+1]) >= 0 {
			t.Errorf("%s stands before %s", all[i].ID, all[i+1].ID)
		}
	}
}

// Nobody who takes the catalogue can change it for another.
func TestCatalogueIsACopy(t *testing.T) {
	first, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	name := first[0].Name
	first[0].Name = "changed"
	if again, err := Catalogue(); err != nil || again[0].Name != name {
		t.Errorf("got %q, %v", again[0].Name, err)
	}
}

// Lines are ones that a person reads: short, and without trailing spaces.
func TestEmbeddedFilesAreTidy(t *testing.T) {
	for _, name := range []string{"driftwatch.yaml", "sources.yaml"} {
		data, err := fs.ReadFile(FS(), name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(data), "\n") {
			if strings.TrimRight(line, " \t") != line || strings.Contains(line, "\t") {
				t.Errorf("%s:%d: stray white space", name, i+1)
			}
			if long := len([]rune(line)) > 100; long && !strings.Contains(line, "://") {
				t.Errorf("%s:%d: %d characters", name, i+1, len([]rune(line)))
			}
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	written, err := Init(dir, false)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Load(written[0], os.LookupEnv); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen reads all embedded files, packs included.
func BenchmarkOpen(b *testing.B) {
	files, err := defaultFiles()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, name := range files {
			data, err := fs.ReadFile(FS(), name)
			if err != nil {
				b.Fatal(err)
			}
			if err := Open(name, data).Err(); err != nil && strings.HasSuffix(name, ".yaml") {
				b.Fatal(err)
			}
		}
	}
}
