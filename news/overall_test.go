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
	told := func(status news.Status, h news.Hit) news.Hit {
		h.Status = status
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
		{"an opinion the other way", []news.Hit{hit(news.Apart, false, "KG"), told(news.StatusOpinion, hit(news.Closer, false, "KG"))}, "[{KG apart}]"},
		{"a stronger demand the other way", []news.Hit{told(news.StatusDemanded, hit(news.Apart, false, "KG")), hit(news.Closer, false, "KG")}, "[{KG closer}]"},
		{"a denied exit the other way", []news.Hit{told(news.StatusHappened, hit(news.Apart, false, "KG")), told(news.StatusDenied, hit(news.Closer, false, "KG"))}, "[{KG apart}]"},
		{"a proposal the other way", []news.Hit{told(news.StatusDecided, hit(news.Apart, false, "KG")), told(news.StatusProposed, hit(news.Closer, false, "KG"))}, "[{KG mixed}]"},
		{"opinions both ways", []news.Hit{told(news.StatusOpinion, hit(news.Closer, false, "KG")), told(news.StatusDemanded, hit(news.Apart, false, "KG"))}, "[{KG closer}]"},
		{"an opinion alone, and pressure", []news.Hit{hit(news.None, false, "KG"), told(news.StatusOpinion, hit(news.Closer, false, "KG"))}, "[{KG closer}]"},
		{"pressure", []news.Hit{hit(news.None, false, "KZ")}, "[{KZ none}]"},
		{"background alone", []news.Hit{hit(news.Apart, true, "KZ")}, "[]"},
	} {
		if got := fmt.Sprint(news.Overall(c.hits)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestDirectionOf(t *testing.T) {
	hit := func(d news.Direction, background bool, countries ...string) news.FiledHit {
		h := news.Hit{Direction: d, Background: background, Countries: countries}
		for _, c := range countries {
			h.Acts = append(h.Acts, news.Act{Country: c, Direction: d})
		}
		return news.FiledHit{Hit: h}
	}
	for _, c := range []struct {
		name string
		hits []news.FiledHit
		want news.Direction
	}{
		{"no hits", nil, news.None},
		{"one way", []news.FiledHit{hit(news.Apart, false, "KG")}, news.Apart},
		{"one country, both ways", []news.FiledHit{hit(news.Apart, false, "KG"), hit(news.Closer, false, "KG")}, news.Mixed},
		{"two countries, a way each: the strongest hit's", []news.FiledHit{hit(news.Closer, false, "KZ"), hit(news.Apart, false, "KG")}, news.Closer},
		{"one of two countries goes both ways", []news.FiledHit{hit(news.Closer, false, "KZ"), hit(news.Apart, false, "KG", "KZ")}, news.Mixed},
		{"pressure on one, a move of another", []news.FiledHit{hit(news.None, false, "KZ"), hit(news.Apart, false, "KG")}, news.Apart},
		{"a denial and pressure", []news.FiledHit{hit(news.None, false, "KZ"), hit(news.Contested, false, "KG")}, news.Contested},
		{"background alone", []news.FiledHit{hit(news.Closer, true, "KZ")}, news.Closer},
	} {
		if got := news.DirectionOf(c.hits); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
