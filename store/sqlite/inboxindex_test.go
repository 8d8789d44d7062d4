package sqlite

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"driftwatch/news"
)

// simplePage answers as the index must, row by row.
func simplePage(x *inboxIndex, f news.InboxFilter, words numberSet) news.Inbox {
	out := news.Inbox{Counts: map[news.Facet]map[string]int{}, States: map[news.Waiting]int{}}
	for _, name := range news.Facets {
		out.Counts[name] = map[string]int{}
	}
	for _, s := range inboxStates {
		out.States[s] = 0
	}
	state := f.State
	if !slices.Contains(inboxStates[:], state) {
		state = news.WaitingVerdict
	}
	var found []*inboxRow
	var all []*inboxRow
	for _, r := range x.rows {
		if r != nil {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, newestRow)
	for _, r := range all {
		for _, s := range inboxStates {
			if r.stands(s) {
				out.States[s]++
			}
		}
		if !r.stands(state) || words != nil && !slices.ContainsFunc(r.articles, words.has) {
			continue
		}
		var missed []news.Facet
		for name, values := range f.Facets {
			if !slices.ContainsFunc(r.values, func(id uint16) bool { return x.names[id].facet == name && slices.Contains(values, x.names[id].value) }) {
				missed = append(missed, name)
			}
		}
		if len(missed) == 0 {
			found = append(found, r)
		}
		for _, id := range r.values {
			if v := x.names[id]; f.Limit > 0 && (len(missed) == 0 || len(missed) == 1 && missed[0] == v.facet) {
				out.Counts[v.facet][v.value]++
			}
		}
	}
	out.Total = len(found)
	switch f.Order {
	case news.InboxOldest:
		slices.Reverse(found)
	case news.InboxLevel:
		slices.SortStableFunc(found, func(a, b *inboxRow) int { return b.level - a.level })
	}
	for i, r := range found {
		if i >= f.Skip && i < f.Skip+f.Limit {
			out.Stories = append(out.Stories, r.story)
		}
	}
	return out
}

// TestInboxIndex holds the index to a count row by row, while stories come, change
// and go.
func TestInboxIndex(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	x := &inboxIndex{places: map[int64]int32{}, ids: map[facetValue]uint16{}}
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	row := func(story int64) *inboxRow {
		var hits []news.FiledHit
		for range 1 + r.IntN(3) {
			h := news.FiledHit{Hit: news.Hit{ID: r.Int64N(1 << 40), Theme: news.Theme(pick("csto", "sanctions", "context")), Level: 1 + r.IntN(5),
				Status: news.Status(pick("", "decided")), Background: r.IntN(4) == 0, Countries: []string{pick("KZ", "KG", "UZ")}, Direction: news.Apart}}
			for range r.IntN(3) {
				h.Verdicts = append(h.Verdicts, news.Said{Verdict: news.Verdict{By: pick("dana", "aigul"), Says: news.Judgement(pick("relevant", "irrelevant", "unsure"))}})
			}
			hits = append(hits, h)
		}
		var articles []int64
		for range 1 + r.IntN(3) {
			articles = append(articles, r.Int64N(500))
		}
		out := x.row(story, articles, []string{pick("a", "b"), fmt.Sprint(r.IntN(30))}, []string{pick("ru", "kk")}, hits)
		out.found = moment(r.IntN(50))
		return out
	}
	for round := range 40 {
		var stories []int64
		var fresh []*inboxRow
		for range 1 + r.IntN(60) {
			story := 1 + r.Int64N(200)
			if slices.Contains(stories, story) {
				continue
			}
			stories = append(stories, story)
			if r.IntN(5) > 0 { // others have no hits any more
				fresh = append(fresh, row(story))
			}
		}
		x.replace(stories, fresh)
		for range 20 {
			f := news.InboxFilter{State: news.Waiting(pick("", string(news.WaitingVerdict), string(news.WaitingNothing), string(news.WaitingUnsure), string(news.WaitingDiffer), string(news.WaitingAny))),
				Order: news.InboxOrder(pick("", string(news.InboxNewest), string(news.InboxOldest), string(news.InboxLevel))), Limit: []int{0, 7, 1000}[r.IntN(3)], Skip: []int{0, 0, 5, 300}[r.IntN(4)],
				Facets: map[news.Facet][]string{}}
			if r.IntN(2) == 0 {
				f.Facets[news.FacetCountry] = []string{pick("KZ", "KG", "TM"), "UZ"}
			}
			if r.IntN(2) == 0 {
				f.Facets[news.FacetTheme] = []string{pick("csto", "dual-use")}
			}
			var words numberSet
			if r.IntN(3) == 0 {
				words = numberSet{}
				for range 40 {
					words.put(r.Int64N(500))
				}
			}
			got, want := x.page(f, words), simplePage(x, f, words)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("round %d, %+v:\ngot  %+v\nwant %+v", round, f, got, want)
			}
		}
	}
}
