package watch

import (
	"io"
	"maps"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store/sqlite"
)

// Names in evidence are shown as they are called: those of the project in the reader's
// language, imported ones as their list has them, unknown ones not at all.
func TestCalled(t *testing.T) {
	db, err := sqlite.Open(t.Context(), t.TempDir()+"/d.db", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	left := []news.Name{{ID: "NK-1", Kind: "company", Spellings: []string{"Almaly Trading", "Алмалы Трейдинг"}}, {ID: "NK-2", Kind: "company", Spellings: []string{"Other"}}}
	next := func() (n news.Name, err error) {
		if len(left) == 0 {
			return n, io.EOF
		}
		n, left = left[0], left[1:]
		return n, nil
	}
	if _, err := db.ImportNames(t.Context(), news.NameSource{Name: "list"}, next, func() time.Time { return time.Time{} }); err != nil {
		t.Fatal(err)
	}
	w := &Watch{Store: db}
	for lang, want := range map[string]map[string]string{
		"en": {"csto": "CSTO", "NK-1": "Almaly Trading"}, "ru": {"csto": "ОДКБ", "NK-1": "Almaly Trading"}, "fr": {"csto": "CSTO", "NK-1": "Almaly Trading"},
	} {
		got, err := w.called(t.Context(), []string{"csto", "NK-1", "nobody"}, lang)
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", lang, got, err, want)
		}
	}
}
