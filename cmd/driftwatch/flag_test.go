package main

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/newsroom"
	"driftwatch/rules"
)

// TestFlagNewsroom flags all that the newsroom prints with the embedded packs:
// each positive has its theme, country and direction, each near miss and every
// other article is silent, and every quote is the bytes at its place.
func TestFlagNewsroom(t *testing.T) {
	room, err := newsroom.Start(context.Background(), newsroom.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	engine, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	positives, near := 0, 0
	for _, a := range room.Articles() {
		out := flagArticle(t, engine, a)
		for _, h := range out.Hits {
			exact(t, a, h)
		}
		switch {
		case len(a.Labels) == 0:
			near++
			for _, h := range out.Hits {
				if !h.Background {
					t.Errorf("%s %s (%s): %s in %q", a.Lang, a.ID, a.NearMiss, h.Signal, h.Evidence[0].Sentence)
				}
			}
		case a.Claimed:
			positives++
			for _, l := range a.Labels {
				found(t, a, l, out.Hits)
			}
			onlyLabelled(t, a, out.Hits)
		}
	}
	if positives < 20 || near < 20 {
		t.Errorf("only %d positives and %d others were tried", positives, near)
	}
}

// flagArticle runs an article through the lines that the command reads and
// writes.
func flagArticle(t *testing.T, engine *rules.Engine, a newsroom.Article) flagOut {
	t.Helper()
	line, err := json.Marshal(map[string]any{
		"id": a.ID, "title": a.Title, "text": a.Text, "lang": a.Lang, "source": a.Source, "country": a.Country, "url": a.URL,
		"date": a.Published.Format("2006-01-02 15:04:05"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var out, bad bytes.Buffer
	if err := flagLines(engine, nil, bytes.NewReader(append(line, '\n')), &out, &bad); err != nil || bad.Len() > 0 {
		t.Fatalf("%s: %v %s", a.ID, err, bad.String())
	}
	var o flagOut
	if err := json.Unmarshal(out.Bytes(), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// exact holds a hit's evidence to the bytes of the article.
func exact(t *testing.T, a newsroom.Article, h flagHit) {
	t.Helper()
	if len(h.Evidence) == 0 {
		t.Errorf("%s: %s has no evidence", a.ID, h.Signal)
	}
	for _, e := range h.Evidence {
		field := map[string]string{news.FieldTitle: a.Title, news.FieldText: a.Text}[e.Field]
		if e.Start < 0 || e.End > len(field) || e.Start >= e.End || field[e.Start:e.End] != e.Quote {
			t.Errorf("%s: %s quotes %q, which isn't %s[%d:%d]", a.ID, h.Signal, e.Quote, e.Field, e.Start, e.End)
		}
		if !strings.Contains(e.Sentence, e.Quote) || !strings.Contains(field, e.Sentence) {
			t.Errorf("%s: %s: the sentence %q isn't the quote's", a.ID, h.Signal, e.Sentence)
		}
	}
}

// found looks for a label among the hits; apart and closer together are mixed.
func found(t *testing.T, a newsroom.Article, l newsroom.Label, hits []flagHit) {
	t.Helper()
	var ways []news.Direction
	for _, h := range hits {
		if h.Theme == l.Theme && !h.Background && holdsAll(h.Countries, l.Countries) {
			ways = append(ways, h.Direction)
		}
	}
	both := slices.Contains(ways, news.Apart) && slices.Contains(ways, news.Closer)
	if !slices.Contains(ways, l.Direction) && !(l.Direction == news.Mixed && both) {
		t.Errorf("%s %s: %s %s %v is missed: %v", a.Lang, a.ID, l.Theme, l.Direction, l.Countries, told(hits))
	}
	if l.Direction == news.Contested && (slices.Contains(ways, news.Apart) || slices.Contains(ways, news.Closer)) {
		t.Errorf("%s %s: told as done, though it is denied: %v", a.Lang, a.ID, told(hits))
	}
	if l.Direction != news.Mixed && both {
		t.Errorf("%s %s: both ways: %v", a.Lang, a.ID, told(hits))
	}
}

func holdsAll(got, want []string) bool {
	return !slices.ContainsFunc(want, func(c string) bool { return !slices.Contains(got, c) })
}

// onlyLabelled: no loud hit of another theme or country.
func onlyLabelled(t *testing.T, a newsroom.Article, hits []flagHit) {
	t.Helper()
	for _, h := range hits {
		if h.Background {
			continue
		}
		if !slices.ContainsFunc(a.Labels, func(l newsroom.Label) bool { return l.Theme == h.Theme && holdsAll(l.Countries, h.Countries) }) {
			t.Errorf("%s %s: %s %s %v has no label", a.Lang, a.ID, h.Signal, h.Direction, h.Countries)
		}
	}
}

func told(hits []flagHit) []string {
	var all []string
	for _, h := range hits {
		all = append(all, h.Signal+" "+string(h.Direction)+" "+strings.Join(h.Countries, "+"))
	}
	return all
}
