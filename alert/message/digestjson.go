package message

import (
	"time"

	"driftwatch/news"
)

// DigestData is a digest as a document has it.
type DigestData struct {
	Route  string      `json:"route"`
	Period news.Period `json:"period"`
	From   time.Time   `json:"from"`
	To     time.Time   `json:"to"`
	Items  []ItemJSON  `json:"items"` // by country and theme; none: nothing came to the route
	More   int         `json:"more"`  // stories that there was no room for
	List   string      `json:"list,omitempty"`
	Polled int         `json:"polled"` // sources that were read
	Gaps   []GapJSON   `json:"gaps"`   // sources that were not
	Drift  []DriftJSON `json:"drift"`  // of a weekly digest
}

// ItemJSON is one story of a digest, under one country and theme.
type ItemJSON struct {
	Country string        `json:"country"`
	Theme   news.Theme    `json:"theme"`
	New     bool          `json:"new"`
	Changes []news.Change `json:"changes"` // since the digest before
	Alert   Data          `json:"alert"`
}

// GapJSON is a source that could not be read.
type GapJSON struct {
	Source  string     `json:"source"`
	Country string     `json:"country"`
	Since   *time.Time `json:"since"` // when it was last read; null: never
	Problem string     `json:"problem"`
}

// DriftJSON is a country's week.
type DriftJSON struct {
	Country string  `json:"country"`
	Apart   float64 `json:"apart"`
	Closer  float64 `json:"closer"`
	Events  int     `json:"events"`
	Note    string  `json:"note,omitempty"`
}

// DigestJSON puts a digest into its JSON form. The picture is left out: its
// figures are in drift.
func DigestJSON(d news.Digest) Document[DigestData] {
	data := DigestData{
		Route: d.Route, Period: d.Period, From: d.From.UTC(), To: d.To.UTC(), More: d.More, List: d.List, Polled: d.Polled,
		Items: []ItemJSON{}, Gaps: []GapJSON{}, Drift: []DriftJSON{},
	}
	for _, i := range d.Items {
		data.Items = append(data.Items, ItemJSON{i.Country, i.Theme, i.New, append([]news.Change{}, i.Changes...), NewJSON(i.Alert).Data})
	}
	for _, g := range d.Gaps {
		data.Gaps = append(data.Gaps, GapJSON{g.Source, g.Country, known(g.Since), g.Problem})
	}
	for _, l := range d.Drift {
		data.Drift = append(data.Drift, DriftJSON(l))
	}
	return Document[DigestData]{Type: Digested, ID: d.Key, Timestamp: d.To.UTC(), Data: data}
}
