package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"driftwatch/crawler/date"
	"driftwatch/news"
)

var update = flag.Bool("update", false, "write the golden files anew")

func ExampleParse() {
	f, err := Parse([]byte(`<rss version="2.0"><channel><title>The Herald</title>
		<item><title>Tom &amp;amp; Jerry</title><link>/news/1</link><pubDate>Tue, 24 Nov 2026 10:00:00 +0500</pubDate></item>
		</channel></rss>`), Options{ContentType: "text/xml", Base: "https://herald.example/feed"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range f.Items {
		fmt.Println(i.Title, i.Link, i.Published)
	}

	_, err = Parse([]byte(`<html><title>Page not found</title>`), Options{ContentType: "text/xml"})
	fmt.Println(err)
	// Output:
	// Tom & Jerry https://herald.example/news/1 2026-11-24T10:00:00+05:00
	// this is no feed but a page that says “not found”, titled “Page not found”
}

// Each feed of testdata is read as the file beside it says.
func TestFeeds(t *testing.T) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		t.Fatal("no feeds", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".golden") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, file+".golden", asJSON(body, "text/html", "https://vestnik.example/feed/index.xml"))
		})
	}
}

// asJSON gives what Parse says as JSON.
func asJSON(body []byte, contentType, base string) []byte {
	var said any
	f, err := Parse(body, Options{ContentType: contentType, Base: base})
	if said = f; err != nil {
		said = map[string]string{"error": err.Error()}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(said); err != nil {
		return []byte(err.Error())
	}
	return b.Bytes()
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\ngot  %s\nwant %s", file, got, want)
	}
}

func TestEncodings(t *testing.T) {
	const title = "Парламент Киргизии отложил рассмотрение закона о гражданстве"
	declared := func(name string) string {
		return `<?xml version="1.0" encoding="` + name + `"?><rss version="2.0"><channel><title>` + title + `</title></channel></rss>`
	}
	tests := []struct {
		name        string
		xml         string
		enc         encoding.Encoding
		contentType string
	}{
		{"windows-1251", declared("windows-1251"), charmap.Windows1251, ""},
		{"windows-1251 by the header", declared("windows-1251")[len(`<?xml version="1.0" encoding="windows-1251"?>`):], charmap.Windows1251, "text/xml; charset=windows-1251"},
		{"windows-1251 undeclared", declared("")[len(`<?xml version="1.0" encoding=""?>`):], charmap.Windows1251, "text/html"},
		{"windows-1251 as UTF-8", declared("utf-8"), charmap.Windows1251, "text/xml; charset=utf-8"},
		{"windows-1251 as koi8-r", declared("koi8-r"), charmap.Windows1251, ""},
		{"koi8-r", declared("koi8-r"), charmap.KOI8R, ""},
		{"koi8-r undeclared", declared("utf-8"), charmap.KOI8R, ""},
		{"koi8-r as windows-1251", declared("windows-1251"), charmap.KOI8R, "text/xml; charset=windows-1251"},
		{"UTF-8 as windows-1251", declared("windows-1251"), encoding.Nop, "text/xml; charset=windows-1251"},
		{"UTF-8 with a mark", "\ufeff" + declared("utf-8"), encoding.Nop, ""},
		{"UTF-16", declared("utf-16"), unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "text/xml; charset=utf-8"},
		{"UTF-16, big end first", declared("utf-16"), unicode.UTF16(unicode.BigEndian, unicode.UseBOM), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body, err := tt.enc.NewEncoder().Bytes([]byte(tt.xml))
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse(body, Options{ContentType: tt.contentType})
			if err != nil || f.Title != title {
				t.Errorf("got %+v, %v", f, err)
			}
		})
	}
}

func TestNotFeed(t *testing.T) {
	tests := map[string]string{
		"":        "nothing: the body is empty",
		" \r\n\t": "nothing: the body is empty",
		"<!doctype html><TITLE>Kabar &mdash; news</TITLE>":                                   "an HTML page titled “Kabar — news”",
		"<html><body>rss</body></html>":                                                      "an HTML page without a title",
		"<p>Not found</p>":                                                                   "an HTML page without a title",
		`<html><title>Just a moment...</title><script>_cf_chl_opt={}</script>`:               "a challenge page of Cloudflare",
		`<html><head><title>Access Denied</title></head>`:                                    "a page that refuses, titled “Access Denied”",
		`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>`: "a sitemap",
		`<sitemapindex></sitemapindex>`:                                                      "an index of sitemaps",
		`<opml version="2.0"></opml>`:                                                        "a list of feeds (OPML)",
		`<yml_catalog></yml_catalog>`:                                                        "an XML document whose root is <yml_catalog>",
		`{"error":"not found"}`:                                                              "JSON of another kind than JSON Feed: a source of kind json may read it",
		`[{"id":1}]`:                                                                         "JSON of another kind than JSON Feed: a source of kind json may read it",
		`{"broken`:                                                                           "JSON of another kind than JSON Feed: a source of kind json may read it",
		"Not Found":                                                                          "text that begins “Not Found”",
		"%PDF-1.7 ...":                                                                       "a PDF document",
		"\x1f\x8b\x08":                                                                       "compressed data (gzip)",
	}
	for body, want := range tests {
		f, err := Parse([]byte(body), Options{ContentType: "application/rss+xml", Base: "https://v.example/feed"})
		var not *NotFeedError
		if !errors.As(err, &not) || not.What != want {
			t.Errorf("%q: got %v, %v, want %q", body, f, err, want)
		}
	}
}

func TestNewsItems(t *testing.T) {
	day := date.Date{Time: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), Day: true}
	moment := date.Date{Time: time.Date(2026, 11, 24, 10, 0, 0, 0, time.FixedZone("", 5*3600))}
	f := &Feed{Items: []Item{
		{ID: "1", Link: "https://v.example/1", Title: "A", Published: moment, Authors: []string{"Jane"}},
		{ID: "2", Title: "Nothing to read"},
		{ID: "2b", Title: "Leads nowhere", Link: "/2"},
		{ID: "3", Title: "Its own text", Content: "Text.", Updated: day},
		{ID: "4", Title: "A notice", Summary: "All there is."},
	}}
	items := f.NewsItems("vestnik")
	if len(items) != 3 || items[2].ID != "4" || items[0].Source != "vestnik" || items[0].Authors[0] != "Jane" || items[1].ID != "3" {
		t.Fatalf("got %+v", items)
	}
	if got := items[0].Published; !got.Equal(moment.Time) || got.Location() != time.UTC {
		t.Errorf("published %s", got)
	}
	if got := items[1].Published; !got.Equal(day.Time) {
		t.Errorf("an item without a publication was published %s, not when it was updated", got)
	}
}

func TestLinks(t *testing.T) {
	tests := []struct{ link, base, want string }{
		{"https://v.example/1", "", "https://v.example/1"},
		{" HTTPS://v.example/1 ", "", "https://v.example/1"},
		{"/1", "https://v.example/feed", "https://v.example/1"},
		{"1", "https://v.example/news/feed", "https://v.example/news/1"},
		{"//cdn.example/1", "https://v.example/feed", "https://cdn.example/1"},
		{"/1", "", "/1"},
		{"a b", "https://v.example/", "https://v.example/a%20b"},
		{"https://v.example/a b", "", "https://v.example/a%20b"},
		{"javascript:alert(1)", "https://v.example/", ""},
		{"mailto:desk@v.example", "https://v.example/", ""},
		{"http://[::1", "https://v.example/", ""},
	}
	for _, tt := range tests {
		f, err := Parse([]byte("<rss><channel><item><title>T</title><link>"+tt.link+"</link></item></channel></rss>"), Options{Base: tt.base})
		if err != nil || len(f.Items) != 1 || f.Items[0].Link != tt.want {
			t.Errorf("%s from %s: got %+v, %v, want %s", tt.link, tt.base, f.Items, err, tt.want)
		}
	}
}

func TestTooManyItems(t *testing.T) {
	item := func(i int) string { return fmt.Sprintf("<item><link>https://v.example/%d</link></item>", i) }
	var b strings.Builder
	for i := range 3 * MaxItems {
		b.WriteString(item(i))
	}
	f, err := Parse([]byte("<rss><channel><title>T</title>"+b.String()+"</channel></rss>"), Options{})
	if err != nil || len(f.Items) != MaxItems || f.Title != "T" {
		t.Errorf("got %d items, %v", len(f.Items), err)
	}
}

// Feeds built to make a reader go over them again and again are read in time
// that grows with their length.
func TestHostileFeeds(t *testing.T) {
	const n = 1 << 20
	repeat := func(s string) string { return strings.Repeat(s, n/len(s)) }
	tests := map[string]string{
		"deep":                "<rss><channel>" + repeat("<a>"),
		"deep items":          "<rss><channel>" + repeat("<item>"),
		"open titles":         "<rss><channel>" + repeat("<item><title>"),
		"unclosed fields":     "<rss><channel>" + repeat("<title><link>") + "<item></item>",
		"open tags":           "<rss><channel>" + repeat("<title "),
		"open quotes":         "<rss><channel>" + repeat(`<a b="`),
		"mixed quotes":        "<rss><channel>" + repeat(`<a b="c' d='e" `),
		"open comments":       "<rss><channel>" + repeat("<!--"),
		"open sections":       "<rss><channel><item><title>" + repeat("<![CDATA["),
		"sections":            "<rss><channel><item><title>" + repeat("<![CDATA[]]>") + "</title></item></channel></rss>",
		"instructions":        repeat("<?") + "<rss>",
		"declarations":        repeat("<!DOCTYPE [") + "<rss>",
		"entities":            `<!DOCTYPE r [<!ENTITY a "` + repeat("b") + `">` + repeat(`<!ENTITY c "&a;&a;">`) + "]><rss><channel><title>&c;</title></channel></rss>",
		"namespaces":          "<rss><channel>" + repeat(`<a xmlns:b="c">`),
		"declared and closed": "<rss><channel>" + repeat(`<item xmlns:b="c"><b:title/></item>`),
		"bases":               "<rss><channel>" + repeat(`<item xml:base="a/">`),
		"attributes":          "<rss " + repeat("a='b' ") + "><channel><title>T</title></channel></rss>",
		"closing tags":        "<rss><channel>" + repeat("</b>"),
		"nested JSON":         `{"version":"https://jsonfeed.org/version/1","items":` + repeat("["),
		"cut JSON":            `{"version":"https://jsonfeed.org/version/1","items":[` + repeat(`{"id":"1"},`),
		"roots":               repeat("<a>") + "<rss><channel><title>T</title></channel></rss>",
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			began := worked()
			_, _ = Parse([]byte(body), Options{Base: "https://v.example/"})
			if took := worked() - began; took > 20*time.Second {
				t.Errorf("%d bytes took %s", len(body), took)
			} else {
				t.Log(took)
			}
		})
	}
}

// worked is how long the processors have worked for this process, however many others
// they work for.
func worked() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // Linux knows it of every process
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestParseSaysWhatIsCutOff(t *testing.T) {
	const item = "<item><title>One</title><link>https://v.example/1</link></item>"
	const entry = "<entry><title>One</title><id>1</id></entry>"
	const json = `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[`
	tests := []struct {
		name, body string
		items      int
		cut        bool // with no items: an error
	}{
		{"whole", "<rss><channel><title>T</title>" + item + "</channel></rss>", 1, false},
		{"whole and empty", "<rss><channel><title>T</title></channel></rss>", 0, false},
		{"only the last end tag missing", "<rss><channel><title>T</title></channel>", 0, false},
		{"the last bracket missing", "<rss><channel>" + item + "</channel></rss", 1, false},
		{"before any item", "<rss><channel><title>T</title>", 0, true},
		{"within the title", "<rss><channel><title>T", 0, true},
		{"within the first item", "<rss><channel><title>T</title><item><title>One</title>", 0, true},
		{"within the second item", "<rss><channel>" + item + "<item><title>Two", 1, true},
		{"after an item", "<rss><channel>" + item, 1, true},
		{"RDF", "<rdf:RDF><channel><title>T</title></channel>", 0, true},
		{"whole Atom", "<feed><title>T</title>" + entry + "</feed>", 1, false},
		{"Atom", "<feed><title>T</title>", 0, true},
		{"Atom within the second entry", "<feed><title>T</title>" + entry + "<entry>", 1, true},
		{"whole JSON", json + `{"id":"1"}]}`, 1, false},
		{"JSON before any item", json, 0, true},
		{"JSON within the first item", json + `{"id":"1","ti`, 0, true},
		{"JSON within the second item", json + `{"id":"1"},{"id":`, 1, true},
	}
	for _, test := range tests {
		f, err := Parse([]byte(test.body), Options{Base: "https://v.example/"})
		var cut *CutOffError
		if test.cut && test.items == 0 {
			if !errors.As(err, &cut) {
				t.Errorf("%s: %v, %v, want %T", test.name, f, err, cut)
			}
			continue
		}
		if err != nil || len(f.Items) != test.items || f.Cut != test.cut {
			t.Errorf("%s: %+v, %v", test.name, f, err)
		}
	}
}

func TestParseSaysWhatIsLeftOut(t *testing.T) {
	one := func(i int) string { return fmt.Sprintf("<item><guid>%d</guid><title>T</title></item>", i) }
	all := ""
	for i := range MaxItems {
		all += one(i)
	}
	for _, test := range []struct {
		body string
		more bool
	}{
		{"<rss><channel>" + all + "</channel></rss>", false},
		{"<rss><channel>" + all + one(MaxItems) + "</channel></rss>", true},
	} {
		f, err := Parse([]byte(test.body), Options{})
		if err != nil || len(f.Items) != MaxItems || f.More != test.more || f.Cut {
			t.Errorf("%d items, more %v, cut %v, %v; want more %v", len(f.Items), f.More, f.Cut, err, test.more)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.*")
	for _, file := range files {
		if body, err := os.ReadFile(file); err == nil {
			f.Add(body, "text/xml; charset=windows-1251", "https://v.example/feed")
		}
	}
	f.Add([]byte(`[{"title":{"rendered":"A"},"link":"/1","content":{"rendered":"<p>B"}},{`), "application/json", "https://v.example/wp-json")
	f.Add([]byte(`{"data":{"list":[{"title":"A","url":"/1","tags":[{}]},{"title":"B"`), "application/json", "https://v.example/api")
	f.Fuzz(func(t *testing.T, body []byte, contentType, base string) {
		o := Options{ContentType: contentType, Base: base}
		for _, paths := range []news.JSONPaths{{}, {Title: "title", URL: "url"}, {Items: "data.list", Title: "title", URL: "/{url}/{tags.0}", Text: "tags"}} {
			feed, err := ParseJSON(body, o, paths)
			var not *NotJSONError
			var cut *CutOffError
			var shape *ShapeError
			if err != nil && (feed != nil || !errors.As(err, &not) && !errors.As(err, &cut) && !errors.As(err, &shape)) {
				t.Errorf("%v, %v", feed, err)
			}
			checkFeed(t, feed)
		}
		feed, err := Parse(body, o)
		var not *NotFeedError
		var cut *CutOffError
		if err != nil && (feed != nil || !errors.As(err, &not) && !errors.As(err, &cut)) {
			t.Errorf("%v, %v", feed, err)
		}
		checkFeed(t, feed)
	})
}

// checkFeed holds what is so of every feed that was read.
func checkFeed(t *testing.T, feed *Feed) {
	if feed == nil {
		return
	}
	ids := map[string]bool{}
	for _, i := range feed.Items {
		if i.ID == "" || ids[i.ID] {
			t.Errorf("the id %q is empty or there twice", i.ID)
		}
		ids[i.ID] = true
		for _, s := range []string{i.Title, i.Summary, i.Content} {
			if !utf8.ValidString(s) || s != strings.TrimSpace(s) {
				t.Errorf("%q isn't plain text", s)
			}
		}
	}
	feed.NewsItems("source")
}

func TestRest(t *testing.T) {
	const hours = "<skipHours><hour>0</hour><hour>1</hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours><skipDays><day>Sunday</day><day> saturday </day><day>Never</day></skipDays>"
	f, err := Parse([]byte("<rss version='2.0'><channel><title>T</title><ttl> 60 </ttl>"+hours+"<item><title>A</title><hour>5</hour></item></channel></rss>"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Rest{TTL: time.Hour, Hours: 3, Days: 1<<time.Sunday | 1<<time.Saturday}); f.Rest != want {
		t.Errorf("rests %+v, want %+v", f.Rest, want)
	}
	var all strings.Builder
	for h := range 24 {
		fmt.Fprintf(&all, "<hour>%d</hour>", h)
	}
	f, err = Parse([]byte("<rss version='2.0'><channel><title>T</title><ttl>-5</ttl><skipHours>"+all.String()+"</skipHours></channel></rss>"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if f.Rest != (Rest{}) {
		t.Errorf("a feed that may never be asked rests %+v", f.Rest)
	}
}

// What feeds write of authors gives names: mail addresses beside them are left out,
// whichever element they stand in. The one who keeps the site stands for a feed that
// names no editor, and is no author of what is in it.
func TestAuthors(t *testing.T) {
	tests := []struct{ written, want string }{
		{"<dc:creator>Jane Doe (jane@v.example)</dc:creator>", "Jane Doe"},
		{"<dc:creator>jane@v.example (Jane Doe)</dc:creator>", "Jane Doe"},
		{"<managingEditor>Jane Doe &lt;jane@v.example&gt;</managingEditor>", "Jane Doe"},
		{"<webMaster>admin@v.example (Jane Doe)</webMaster>", "Jane Doe"},
		{"<webMaster>admin@v.example</webMaster><managingEditor>Jane Doe</managingEditor>", "Jane Doe"},
		{"<managingEditor>jane@v.example</managingEditor>", "jane@v.example"},
	}
	for _, tt := range tests {
		f, err := Parse([]byte("<rss><channel>"+tt.written+"<item><link>https://v.example/1</link></item></channel></rss>"), Options{})
		if err != nil || len(f.Authors) != 1 || f.Authors[0] != tt.want {
			t.Errorf("%s: %+v, %v", tt.written, f, err)
		} else if f.Items[0].Authors != nil {
			t.Errorf("%s: the item's authors are %q", tt.written, f.Items[0].Authors)
		}
	}
}

// A JSON feed is known by its items' texts where it says nothing of itself.
func TestBareJSONFeed(t *testing.T) {
	f, err := Parse([]byte(`{"version":"1.0","items":[{"content_text":"A bridge was opened."}]}`), Options{})
	if err != nil || len(f.Items) != 1 || f.Items[0].Content != "A bridge was opened." {
		t.Errorf("%+v, %v", f, err)
	}
}
