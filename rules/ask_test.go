package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"driftwatch/configs"
	"driftwatch/rules"
	"driftwatch/text"
)

func TestAsk(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	r := text.Read("", "Казахстан продаёт зерно. Биржа закрыла торги тенге.", "ru")
	for query, want := range map[string]bool{
		`"биржа" AND "тенге"`: true, `"зерно" AND #KZ`: true, `"зерно" NEAR/1 "биржа"`: false, `"биржа" AND NOT "торги"`: false,
	} {
		q, err := e.Ask(query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		at, ok := q.Match(r, rules.About{})
		if ok != want || ok && len(at.Text) == 0 || len(q.Sets()) == 0 {
			t.Errorf("%s: %t at %v, sets %q", query, ok, at, q.Sets())
		}
	}
	r = text.Read("Зерно дорожает", "Биржа закрыта.\n\nТенге растёт.", "ru")
	for query, want := range map[string]bool{
		`"зерно" AND "биржа"`: true, `"биржа" AND "тенге"`: false, `"зерно" W/2S "биржа"`: true,
	} {
		q, err := e.Ask(query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if _, ok := q.Match(r, rules.About{}); ok != want || ok != (len(q.Lacking(r, rules.About{})) == 0) {
			t.Errorf("%s in neighbours: %t, lacking %v", query, ok, q.Lacking(r, rules.About{}))
		}
	}
	if _, err := e.Ask(`SENTANCE(@no_such_concept) AND @nor_such`); len(strings.Split(fmt.Sprint(err), "\n")) != 3 {
		t.Errorf("not all faults at once: %v", err)
	}
	for _, query := range []string{`@no_such_concept`, `NOT "a"`, `"a`} {
		if _, err := e.Ask(query); err == nil {
			t.Errorf("%s: no fault", query)
		}
	}
}
