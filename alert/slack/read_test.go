package slack

import (
	"os"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`{"blocks":[{"type":"header","text":{"type":"plain_text","text":"Level 3"}},{"type":"section","text":{"type":"mrkdwn","text":"*<https://a.example/?x=1&amp;y=2|Title &lt;b&gt;>*\nAn outlet"}},
			{"type":"section","text":{"type":"mrkdwn","text":"> It *left*\u200b."}},{"type":"context","elements":[{"type":"mrkdwn","text":"*Signal*: why"}]}],"text":"all"}`,
			"Level 3\nTitle <b> (https://a.example/?x=1&y=2)\nAn outlet\n> It left.\nSignal: why"},
		{`{"text":"See <https://a.example/>"}`, "See https://a.example/"},
		{"no JSON", "no JSON"},
	} {
		if got := Read([]byte(c.body)); got != c.want {
			t.Errorf("%.60s:\n%q, want\n%q", c.body, got, c.want)
		}
	}
	for _, name := range []string{"kyrgyz", "digest", "note", "hostile", "grown"} {
		body, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if got := Read(body); got == "" || strings.Contains(got, `"type"`) || strings.Contains(got, "&amp;") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
