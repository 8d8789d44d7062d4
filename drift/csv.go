package drift

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

// head are the columns of the CSV; those of apart, closer and pressure
// are the same.
func head() []string {
	head := []string{"country", "week", "monday", "theme"}
	for _, d := range []string{"apart", "closer", "pressure"} {
		head = append(head, d, d+"_low", d+"_high", d+"_unjudged", d+"_stories", d+"_over_cap", d+"_without_one_outlet")
	}
	return append(head, "contested", "coverage", "notes")
}

// CSV writes a row for each country and week, with no theme, and one for
// each of its themes.
func CSV(w io.Writer, rows []Row) error {
	out := csv.NewWriter(w)
	if err := out.Write(head()); err != nil {
		return err
	}
	for _, r := range rows {
		lines := append([]Theme{{Apart: r.Apart, Closer: r.Closer, Pressure: r.Pressure}}, r.Themes...)
		for _, t := range lines {
			cells := []string{r.Country, r.Week.String(), r.Week.Monday().Format(time.DateOnly), string(t.Theme)}
			for _, s := range []Sum{t.Apart, t.Closer, t.Pressure} {
				cells = append(cells, decimal(s.Weight), decimal(s.Low), decimal(s.High), decimal(s.Unjudged),
					strconv.Itoa(len(s.Stories)), strconv.Itoa(len(s.Capped)), decimal(s.Without))
			}
			coverage := ""
			if r.Coverage.Known {
				coverage = decimal(r.Coverage.Share)
			}
			if err := out.Write(append(cells, strconv.Itoa(len(r.Contested)), coverage, strings.Join(r.Notes(), "; "))); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// decimal shows a figure to the hundredth.
func decimal(w float64) string {
	return strconv.FormatFloat(float64(int64(w*100+0.5))/100, 'f', -1, 64)
}
