package guard

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	for text, want := range map[string]string{
		"Ош, Өзгөн":             `"Ош, Өзгөн"`,
		"a\u202eb\u202c":        `"a\u202eb\u202c"`,
		"\u009b31m\u007f":       `"\u009b31m\u007f"`,
		"tag \U000e0041":        `"tag \udb40\udc41"`,
		"👩\u200d🚀":              `"👩` + "\u200d" + `🚀"`,
		"soft\u00adhyphen \x1b": `"soft\u00adhyphen \u001b"`,
	} {
		doc, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(JSON(doc)); got != want {
			t.Errorf("%q gives %s, want %s", text, got, want)
		}
	}
}

// What a document says doesn't change, and none of what is left acts.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{"", "\u202e\u009b", "a\x7f\U000e0041", "\xff\u00ad"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		safe := JSON(doc)
		var before, after string
		if json.Unmarshal(doc, &before) != nil || json.Unmarshal(safe, &after) != nil || before != after {
			t.Errorf("%q became %q", before, after)
		}
		if s := string(safe); strings.ContainsAny(s, "\u202e\u009b\x7f") || Text(s) != s {
			t.Errorf("%q isn't harmless", s)
		}
	})
}
