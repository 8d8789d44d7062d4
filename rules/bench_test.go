package rules_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/rules"
	"driftwatch/text"
)

// benchTexts are articles of about 3.7 KB: one about other things, as most are,
// one that has the themes' words and no hit, and one that is flagged.
var benchTexts = []struct{ name, title, body string }{
	{"off", "The harvest of melons begins in the valley", stretched(
		"Farmers in the valley have begun to bring in the melons, a week later than in other years.",
		"The spring was cold, and many of the young plants had to be set twice.",
		"Prices in the market are higher than usual, the sellers say, and the buyers agree.",
		"A new road to the villages has made the way to the town shorter by half an hour.",
		"The school in the largest village will get a roof before the winter, the mayor promised.")},
	{"near", "Ministers of the region meet for talks on trade", stretched(
		"Ministers of Kazakhstan, Kyrgyzstan and Uzbekistan met in Bishkek to talk about trade and water.",
		"Exports of goods to Russia were on the agenda, as were the roads that lead there.",
		"A bank in Astana has opened an office for exporters, its chairman told reporters.",
		"The sanctions of the West make payments harder, one of the guests said at dinner.",
		"The CSTO was not mentioned in the final statement, which has eleven points.")},
	{"hit", "Kyrgyzstan cancels CSTO exercise on its soil", stretched(
		"Kyrgyzstan has cancelled an exercise of the CSTO that was to begin on its soil on Monday.",
		"The ministry of defence in Bishkek gave no reason for calling off the drill.",
		"Russia said that it had been told by letter, and that it respected the decision.",
		"Kazakhstan bans the re-export of drones to Russia from next month, its government decided.",
		"Lawmakers asked for a closed hearing on what it costs to host soldiers from abroad.")},
}

// stretched repeats sentences, three to a paragraph, to about 3.7 KB.
func stretched(sentences ...string) string {
	var b strings.Builder
	for i := 0; b.Len() < 3700; i++ {
		b.WriteString(sentences[i%len(sentences)])
		if i%3 == 2 {
			b.WriteString("\n\n")
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// cpu is the time that the process has computed: on a machine that others use
// too, it says more than the clock.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFlag flags an article that has been read, with the embedded packs.
func BenchmarkFlag(b *testing.B) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range benchTexts {
		r := text.Read(t.title, t.body, "en")
		b.Run(t.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(t.title) + len(t.body)))
			began := cpu(b)
			for b.Loop() {
				e.Flag(r, rules.About{})
			}
			b.ReportMetric(float64(cpu(b)-began)/float64(b.N), "cpu-ns/op")
		})
	}
}

// BenchmarkReadAndFlag is the whole way of a text: words, language, hits.
func BenchmarkReadAndFlag(b *testing.B) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range benchTexts {
		b.Run(t.name, func(b *testing.B) {
			var rd text.Reader
			var r text.Reading
			b.ReportAllocs()
			b.SetBytes(int64(len(t.title) + len(t.body)))
			began := cpu(b)
			for b.Loop() {
				rd.Read(&r, t.title, t.body, "en")
				e.Flag(&r, rules.About{})
			}
			b.ReportMetric(float64(cpu(b)-began)/float64(b.N), "cpu-ns/op")
		})
	}
}
