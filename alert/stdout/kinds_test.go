package stdout_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"driftwatch/alert/internal/sample"
	"driftwatch/alert/stdout"
	"driftwatch/guard"
)

func TestEveryKindIsPrinted(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		c := stdout.New(stdout.Settings{Out: &out, JSON: asJSON, Now: func() time.Time { return sample.Seen }})
		a, err1 := c.Send(t.Context(), sample.Grown())
		d, err2 := c.SendDigest(t.Context(), sample.Weekly())
		n, err3 := c.SendNote(t.Context(), sample.Alarm())
		if err1 != nil || err2 != nil || err3 != nil || a+d+n != "printedprintedprinted" {
			t.Fatal(a, d, n, err1, err2, err3)
		}
		text := out.String()
		if guard.Text(text) != text {
			t.Errorf("this may act: %q", text)
		}
		if !asJSON {
			for _, want := range []string{"Update: Kazakhstan", "The level rose from 4 to 5.", "Weekly digest: ", "Driftwatch needs a hand: "} {
				if !strings.Contains(text, want) {
					t.Errorf("there is no %q", want)
				}
			}
			continue
		}
		var types []string
		for line := range strings.Lines(text) {
			var doc struct {
				Type, ID  string
				Timestamp time.Time
			}
			if err := json.Unmarshal([]byte(line), &doc); err != nil || doc.ID == "" || doc.Timestamp.IsZero() {
				t.Errorf("%v: %s", err, line)
			}
			types = append(types, doc.Type)
		}
		if got := strings.Join(types, " "); got != "story.updated digest note" {
			t.Error(got)
		}
	}
}
