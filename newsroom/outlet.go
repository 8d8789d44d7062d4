package newsroom

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"hash/fnv"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"

	"driftwatch/news"
)

// Visit is one request that an outlet has had.
type Visit struct {
	At          time.Time // by the machine's clock
	Method      string
	Path        string
	Agent       string // User-Agent
	Conditional bool   // it carried If-None-Match or If-Modified-Since
	Status      int    // what was answered; 0: nothing
}

// outlet is a profile that is being served.
type outlet struct {
	profile
	room   *Newsroom
	base   string // "http://127.77.0.1:40001"
	visits visits
}

// source is the outlet as the catalogue describes it.
func (o *outlet) source() news.Source {
	s := o.Source
	s.URL, s.Homepage = o.base+cmp.Or(o.moved, o.feed), o.base+"/"
	s.Kind, s.Enabled, s.Fulltext = news.KindFeed, true, news.FulltextAuto
	if o.format == section {
		s.Kind = news.KindSite
	}
	return s
}

// path is where a piece's page is.
func (o *outlet) path(p piece) string {
	if p.Path != "" {
		return p.Path
	}
	if strings.Contains(o.pages, "%[2]s") {
		return fmt.Sprintf(o.pages, p.number, p.ID)
	}
	return fmt.Sprintf(o.pages, arguments(o.pages, p)...)
}

// arguments are a page pattern's values: the number, then the id where the
// pattern wants both.
func arguments(pattern string, p piece) []any {
	return []any{p.number, p.ID}[:strings.Count(pattern, "%")]
}

// link is an article's address as the outlet's feed gives it.
func (o *outlet) link(a Article) string {
	link := a.URL
	if o.relative {
		link = strings.TrimPrefix(link, o.base)
	}
	if o.tracking != "" {
		link += "?" + o.tracking
	}
	return link
}

// articles are what the outlet has out now, the newest first.
func (o *outlet) articles() []Article {
	var all []Article
	for _, p := range o.room.pieces {
		if !slices.Contains(p.Outlets, o.ID) {
			continue
		}
		if a, ok := o.article(p); ok {
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b Article) int { return b.Published.Compare(a.Published) })
	return all
}

// ServeHTTP notes a request and answers it, or not, as the outlet does.
func (o *outlet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := &answer{ResponseWriter: w}
	done := o.visits.add(r)
	defer func() { done(answer.status) }()
	if o.fault != "" {
		o.fault.serve(answer, r)
		return
	}
	if o.blocked() {
		turnAway(answer)
		return
	}
	o.serve(answer, r)
}

// serve answers a request for the listing, the robots file, a page or a menu
// entry.
func (o *outlet) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == o.feed:
		o.serveFeed(w, r)
	case r.URL.Path == o.moved:
		http.Redirect(w, r, o.feed, http.StatusMovedPermanently)
	case r.URL.Path == postsPath && o.wordPress:
		o.servePosts(w, r)
	case r.URL.Path == "/robots.txt" && o.robots != "":
		o.send(w, r, "text/plain; charset=utf-8", []byte(o.robots))
	case r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, menuPath):
		o.sendPage(w, r, string(section), front{Outlet: o, Articles: o.articles()})
	default:
		o.servePage(w, r)
	}
}

// serveFeed sends the listing, or says that it hasn't changed.
func (o *outlet) serveFeed(w http.ResponseWriter, r *http.Request) {
	all := o.articles()
	if o.format == section {
		o.sendPage(w, r, string(section), front{Outlet: o, Articles: all})
		return
	}
	body, err := o.render(all)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if o.etag {
		sum := fnv.New64a()
		sum.Write(body)
		w.Header().Set("Etag", fmt.Sprintf(`"%x"`, sum.Sum(nil)))
	}
	if o.modified {
		var last time.Time
		for _, a := range all {
			last = latest(last, a.Modified)
		}
		w.Header().Set("Last-Modified", last.UTC().Format(http.TimeFormat))
	}
	o.send(w, r, o.feedType(), body)
}

// feedType is the Content-Type of the listing.
func (o *outlet) feedType() string {
	if o.mime != "" {
		return o.mime
	}
	return map[format]string{
		rss2:  "application/rss+xml",
		rss1:  "application/rdf+xml",
		atom:  "application/atom+xml; charset=utf-8",
		json1: "application/feed+json",
	}[o.format]
}

// servePage sends an article's page.
func (o *outlet) servePage(w http.ResponseWriter, r *http.Request) {
	all := o.articles()
	i := slices.IndexFunc(all, func(a Article) bool {
		u, err := url.Parse(a.URL)
		return err == nil && path.Clean(u.Path) == path.Clean(r.URL.Path)
	})
	if i < 0 {
		http.NotFound(w, r)
		return
	}
	o.sendPage(w, r, string(o.page), sheet{Outlet: o, Article: all[i], Others: all[:min(len(all), 4)]})
}

// sendPage sends an HTML template in the outlet's charset.
func (o *outlet) sendPage(w http.ResponseWriter, r *http.Request, name string, values any) {
	body, err := o.printed(name, values)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	o.send(w, r, mime.FormatMediaType("text/html", map[string]string{"charset": o.encodingName()}), body)
}

// send sends a body, packed where the outlet does so and the reader takes it,
// and obeys the conditions that the header's validators meet.
func (o *outlet) send(w http.ResponseWriter, r *http.Request, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	if o.packing != "" && strings.Contains(r.Header.Get("Accept-Encoding"), o.packing) {
		w.Header().Set("Content-Encoding", o.packing)
		w.Header().Set("Vary", "Accept-Encoding")
		body = packed(body, o.packing)
	}
	modified, err := http.ParseTime(w.Header().Get("Last-Modified"))
	if err != nil {
		modified = time.Time{}
	}
	http.ServeContent(w, r, "", modified, bytes.NewReader(body))
}

// packed is a body in gzip or Brotli.
func packed(body []byte, packing string) []byte {
	var b bytes.Buffer
	var z io.WriteCloser = gzip.NewWriter(&b)
	if packing == "br" {
		z = brotli.NewWriter(&b)
	}
	z.Write(body) // a bytes.Buffer takes everything
	z.Close()
	return b.Bytes()
}

// latest is the later of two moments.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// visits is the list of an outlet's requests.
type visits struct {
	mu  sync.Mutex
	all []Visit
}

// add notes a request as it comes in; what it returns is to be called with the
// status of the answer.
func (v *visits) add(r *http.Request) (done func(status int)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := len(v.all)
	v.all = append(v.all, Visit{
		At: time.Now(), Method: r.Method, Path: r.URL.Path, Agent: r.UserAgent(),
		Conditional: r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != "",
	})
	return func(status int) {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.all[i].Status = status
	}
}

// list is a copy of the visits so far.
func (v *visits) list() []Visit {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.all)
}

// answer remembers the status that was sent.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}
