package rules_test

import (
	"strings"
	"testing"

	"driftwatch/configs"
	"driftwatch/rules"
	"driftwatch/text"
)

// TestNearlyNeedsAWordOfItsOwn: a text that shares common words with a signal
// ("open", "stop", "government") doesn't nearly fire it; one with a word of its
// own does.
func TestNearlyNeedsAWordOfItsOwn(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ title, body, want, not string }{
		{"Two new airports open in Kazakhstan this year", "The government opened them and stopped work on a third. Flights to Moscow begin in May.", "", "P1 D3 C8"},
		{"Kazakhstan looks at the Caspian pipeline again", "The government met engineers from Russia on Monday.", "P1", "D3"},
		{"Kazakhstan prints primers in Latin letters", "The ministry met publishers from Russia on Monday.", "D3", "P1"},
	} {
		near := map[string]bool{}
		for _, tr := range e.Explain(text.Read(c.title, c.body, "en"), rules.About{}).Traces {
			near[tr.Signal.ID] = true
		}
		for _, id := range strings.Fields(c.want) {
			if !near[id] {
				t.Errorf("%s: %s isn't near", c.title, id)
			}
		}
		for _, id := range strings.Fields(c.not) {
			if near[id] {
				t.Errorf("%s: %s is near", c.title, id)
			}
		}
	}
}

// TestTraceShowsBothSentences: of a place that reaches from the title into the
// text both parts are shown.
func TestTraceShowsBothSentences(t *testing.T) {
	const title, body = "Kazakhstan and the CSTO", "The exercise is to be moved."
	for _, tr := range small(t).Explain(text.Read(title, body, "en"), rules.About{}).Traces {
		for _, m := range tr.Missing {
			if m.Where == "in these two sentences" && (tr.TitleSentence != title || tr.Sentence != body) {
				t.Errorf("%s: %q and %q are shown", tr.Signal.ID, tr.TitleSentence, tr.Sentence)
			}
		}
	}
}
