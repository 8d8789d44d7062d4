package rules_test

import (
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
	for _, query := range []string{`@no_such_concept`, `NOT "a"`, `"a`} {
		if _, err := e.Ask(query); err == nil {
			t.Errorf("%s: no fault", query)
		}
	}
}
