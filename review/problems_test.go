package review

import "testing"

// What other rooms say of an address is put into the visitor's language whole, or not
// at all.
func TestProblemsInRussian(t *testing.T) {
	for text, want := range map[string]problemSaid{
		"fetch http://10.0.0.1/: connect: 10.0.0.1 is a private address":                                       {Says: "чтение http://10.0.0.1/: соединение: 10.0.0.1 — внутренний адрес"},
		"fetch http://a.example/: redirected to http://b.example/: status 503, not to be asked again for 5m0s": {Says: "чтение http://a.example/: переадресация на http://b.example/: ответ 503, не спрашивать снова: 5m0s"},
		"fetch http://a.example/: connect: lookup a.example on 192.0.2.1:53: no such host":                     {Says: "чтение http://a.example/: соединение: такого узла нет: a.example"},
		"the feed lists nothing (it listed 12 before)":                                                         {Says: "в ленте нет записей, раньше было: 12"},
		"cancelled by dana":                                {Says: "отменено: dana"},
		"look at the address first":                        {Says: "сначала посмотрите адрес"},
		"fetch http://a.example/: connect: something else": {Says: "fetch http://a.example/: connect: something else", Lang: "en"},
		"": {},
	} {
		if got := problemIn("ru", text); got != want {
			t.Errorf("%s: %+v", text, got)
		}
		if got := problemIn("en", text); got != (problemSaid{Says: text}) {
			t.Errorf("%s in English: %+v", text, got)
		}
	}
	for _, l := range problemLinks {
		if russian[l.says] == "" {
			t.Errorf("the catalogue has no %q", l.says)
		}
	}
	for _, p := range problemEnds {
		if russian[p.says] == "" {
			t.Errorf("the catalogue has no %q", p.says)
		}
	}
}
