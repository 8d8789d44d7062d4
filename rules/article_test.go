package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

// TestArticle reads one long article in each language, in which every kind of
// move apart and closer is told once: each must be found, of the right country
// and in the right direction.
func TestArticle(t *testing.T) {
	engine, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/article/*.txt")
	if err != nil || len(files) != 7 {
		t.Fatalf("articles: %v %v", files, err)
	}
	for _, file := range files {
		lang := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(lang, func(t *testing.T) {
			title, body, wanted := longArticle(t, file)
			hits := engine.Flag(text.Read(title, body, lang), rules.About{})
			for _, want := range wanted {
				if !slices.ContainsFunc(hits, func(h news.Hit) bool { return tells(h, want) }) {
					t.Errorf("nothing tells %s", want)
				}
			}
			if t.Failed() {
				for _, h := range hits {
					t.Logf("%s %v %s: %s", h.Signal, h.Countries, h.Direction, h.Evidence[0].Sentence)
				}
			}
		})
	}
}

// longArticle takes a file apart: the title, the text, and behind a line of hyphens
// what is told in it, each as signal, country and direction.
func longArticle(t *testing.T, file string) (title, body string, wanted []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	told, list, ok := strings.Cut(string(data), "\n---\n")
	if !ok {
		t.Fatalf("%s: no line of hyphens", file)
	}
	title, body, _ = strings.Cut(told, "\n")
	return title, strings.TrimSpace(body), strings.Split(strings.TrimSpace(list), "\n")
}

// tells reports whether a hit is what "S7 KZ apart" says.
func tells(h news.Hit, want string) bool {
	f := strings.Fields(want)
	return h.Signal == f[0] && slices.Contains(h.Countries, f[1]) && string(h.Direction) == f[2]
}
