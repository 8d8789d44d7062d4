package newsroom

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"time"

	"driftwatch/news"
)

// Fault is a way in which an outlet can't be read.
type Fault string

// The faults. All but Hang and Swollen are over at once.
const (
	Down    Fault = "down"    // refuses the connection
	Busy    Fault = "busy"    // answers 429 and asks for two minutes' patience
	Broken  Fault = "broken"  // answers 503
	Gone    Fault = "gone"    // answers 410
	Masked  Fault = "masked"  // answers 200 with an HTML page where the feed should be
	Empty   Fault = "empty"   // answers 200 with nothing
	Looping Fault = "looping" // redirects to itself for ever
	Inward  Fault = "inward"  // redirects to the address of a cloud's metadata
	Hang    Fault = "hang"    // takes the request and never answers
	Swollen Fault = "swollen" // gzip that unpacks without an end
)

// Faults are all of them. An outlet's id is the fault's name with "outlet-"
// before it.
var Faults = []Fault{Down, Busy, Broken, Gone, Masked, Empty, Looping, Inward, Hang, Swollen}

// QuickFaults are those that cost a cycle no time.
var QuickFaults = []Fault{Down, Busy, Masked}

// RetryAfter is what a busy outlet asks for.
const RetryAfter = 2 * time.Minute

// faultNames are the names of the outlets that can't be read.
var faultNames = map[Fault]string{
	Down:    "Уснувший вестник",
	Busy:    "Crowded Bazaar Daily",
	Broken:  "Сломанный телетайп",
	Gone:    "Yesterday's Caravan",
	Masked:  "Маска и перо",
	Empty:   "The Blank Page",
	Looping: "Карусель новостей",
	Inward:  "The Cellar Door",
	Hang:    "Тихий архив",
	Swollen: "Раздутые новости",
}

// faulty are the outlets for some faults, in their order.
func faulty(faults []Fault) []profile {
	var all []profile
	for _, f := range faults {
		all = append(all, profile{
			Source: news.Source{
				ID: "outlet-" + string(f), Name: faultNames[f], Country: "INT",
				Languages: []string{"ru"}, Ownership: "private",
			},
			format: rss2, feed: "/rss.xml", zone: time.UTC, page: withArticle, pages: "/%d", fault: f,
		})
	}
	return all
}

// serve answers any request as the fault has it.
func (f Fault) serve(w http.ResponseWriter, r *http.Request) {
	switch f {
	case Busy:
		w.Header().Set("Retry-After", "120")
		http.Error(w, "too many requests", http.StatusTooManyRequests)
	case Broken:
		http.Error(w, "upstream is away", http.StatusServiceUnavailable)
	case Gone:
		http.Error(w, "this paper has closed", http.StatusGone)
	case Masked:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, "<!DOCTYPE html><html><head><title>Технические работы</title></head>"+
			"<body><h1>Технические работы</h1><p>Сайт скоро откроется.</p></body></html>")
	case Empty:
		w.Header().Set("Content-Type", "application/rss+xml")
	case Looping:
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	case Inward:
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
	case Hang:
		<-r.Context().Done()
	case Swollen:
		swell(w)
	}
}

// swell writes a feed whose title has no end, packed to a thousandth, until the
// reader has had enough.
func swell(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Header().Set("Content-Encoding", "gzip")
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return
	}
	defer z.Close()
	io.WriteString(z, `<?xml version="1.0"?><rss version="2.0"><channel><title>`)
	for block := strings.Repeat("новости ", 1<<13); ; {
		if _, err := io.WriteString(z, block); err != nil {
			return
		}
	}
}
