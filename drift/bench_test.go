package drift_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"driftwatch/drift"
	"driftwatch/news"
)

// BenchmarkAdd adds up half a year: 20,000 hits of 8,000 stories that 120
// outlets tell, in five countries.
func BenchmarkAdd(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	directions := []news.Direction{news.Apart, news.Closer, news.Mixed, news.None, news.Contested}
	events := make([]drift.Event, 20000)
	for i := range events {
		story := r.IntN(8000)
		e := event(int64(story), story%180, news.Theme(fmt.Sprint("theme-", story%5)), fmt.Sprint("S", r.IntN(60)), 1+r.IntN(5),
			directions[story%5], news.Countries[story%5])
		events[i] = outlet(e, fmt.Sprint("outlet-", r.IntN(120)))
	}
	b.ReportAllocs()
	for b.Loop() {
		drift.Add(events)
	}
}
