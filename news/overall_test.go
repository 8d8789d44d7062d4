package news_test

import (
	"fmt"
	"testing"

	"driftwatch/news"
)

func TestOverall(t *testing.T) {
	hit := func(d news.Direction, background bool, countries ...string) news.Hit {
		h := news.Hit{Direction: d, Background: background}
		for _, c := range countries {
			h.Acts = append(h.Acts, news.Act{Country: c, Direction: d})
		}
		return h
	}
	for _, c := range []struct {
		name string
		hits []news.Hit
		want string
	}{
		{"no hits", nil, "[]"},
		{"one way", []news.Hit{hit(news.Apart, false, "KG")}, "[{KG apart}]"},
		{"both ways", []news.Hit{hit(news.Apart, false, "KG"), hit(news.Closer, false, "KG")}, "[{KG mixed}]"},
		{"two countries, a way each", []news.Hit{hit(news.Apart, false, "KG"), hit(news.Closer, false, "KZ")}, "[{KZ closer} {KG apart}]"},
		{"a side remark the other way", []news.Hit{hit(news.Apart, false, "KG"), hit(news.Closer, true, "KG")}, "[{KG apart}]"},
		{"a denial the other way", []news.Hit{hit(news.Apart, false, "KG"), hit(news.Contested, false, "KG")}, "[{KG apart}]"},
		{"a denial alone", []news.Hit{hit(news.Contested, false, "TJ"), hit(news.None, false, "TJ")}, "[{TJ contested}]"},
		{"pressure", []news.Hit{hit(news.None, false, "KZ")}, "[{KZ none}]"},
		{"background alone", []news.Hit{hit(news.Apart, true, "KZ")}, "[]"},
	} {
		if got := fmt.Sprint(news.Overall(c.hits)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
