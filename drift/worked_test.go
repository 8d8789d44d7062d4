package drift_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"driftwatch/drift"
	"driftwatch/news"
)

const page = "../docs/drift.md"

var (
	workedRow = regexp.MustCompile(`(?m)^\| [^|]+ \| (\w+) \| (\d) \| (\w+) \| ([A-Z, ]+) \| (\w+) \| (\w+) \| ([\d.]+) \|$`)
	workedSum = regexp.MustCompile("(?s)```text\n(apart .*?)```")
)

// TestWorkedExample adds up the table of docs/drift.md and holds it to the
// figures below it.
func TestWorkedExample(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var events []drift.Event
	for i, m := range workedRow.FindAllStringSubmatch(string(text), -1) {
		severity, _ := strconv.Atoi(m[2])
		weight, _ := strconv.ParseFloat(m[7], 64)
		if got := float64(severity) * drift.Factor(news.Status(m[3])); got != weight {
			t.Errorf("%s counts %v, the page says %v", m[1], got, weight)
		}
		for _, o := range strings.Split(m[4], ", ") {
			e := event(int64(i+1), 0, "a-theme", m[1], 0, news.Direction(m[5]), "KG")
			e.Severity, e.Outlet, e.Hit.Status = severity, o, news.Status(m[3])
			if m[6] == "relevant" {
				e.Verdict = &news.Verdict{Says: news.Relevant}
			}
			events = append(events, e)
		}
	}
	if len(events) != 8 {
		t.Fatalf("the table has %d reports", len(events))
	}
	r := drift.Add(events)[0]
	var b strings.Builder
	for _, s := range []struct {
		name string
		sum  drift.Sum
	}{{"apart", r.Apart}, {"closer", r.Closer}, {"pressure", r.Pressure}} {
		f := drift.Figure
		line := fmt.Sprintf("%-8s %-4s band %-13s unjudged %-4s without %s %s", s.name, f(s.sum.Weight),
			f(s.sum.Low)+" to "+f(s.sum.High), f(s.sum.Unjudged), s.sum.Outlet, f(s.sum.Without))
		b.WriteString(line + "\n")
	}
	fmt.Fprintf(&b, "denied   %d story\n", len(r.Contested))
	shown := workedSum.FindStringSubmatch(string(text))
	if shown == nil || shown[1] != b.String() {
		t.Errorf("the page says\n%s\nand it comes to\n%s", shown, b.String())
	}
}

// TestPageNamesTheFactors holds the page's table to Factor.
func TestPageNamesTheFactors(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range regexp.MustCompile(`(?m)^\| ([a-z, ]+) \| ([\d.]+) \|$`).FindAllStringSubmatch(string(text), -1) {
		for _, s := range strings.Split(m[1], ", ") {
			if s == "or not said" {
				s = ""
			}
			n++
			if want, _ := strconv.ParseFloat(m[2], 64); drift.Factor(news.Status(s)) != want {
				t.Errorf("%q counts %v, the page says %s", s, drift.Factor(news.Status(s)), m[2])
			}
		}
	}
	if n != 8 {
		t.Errorf("the page has %d statuses", n)
	}
}
