package newsroom

import (
	"encoding/json"
	"html"
	"net/http"
	"strconv"
)

// Where WordPress has its REST interface, and its posts there.
const (
	wordPressPath = "/wp-json/"
	postsPath     = wordPressPath + "wp/v2/posts"
)

// WordPress is the address of the outlet's REST interface; empty where it has none.
func (o *outlet) WordPress() string {
	if !o.wordPress {
		return ""
	}
	return o.base + wordPressPath
}

// rendered is how WordPress gives a text.
type rendered struct {
	Rendered  string `json:"rendered"`
	Protected bool   `json:"protected"`
}

// post is an article as WordPress's REST interface lists it, as far as readers
// care (developer.wordpress.org/rest-api/reference/posts).
type post struct {
	Date        string   `json:"date"` // in the outlet's time
	DateGMT     string   `json:"date_gmt"`
	ModifiedGMT string   `json:"modified_gmt"`
	GUID        rendered `json:"guid"`
	Link        string   `json:"link"`
	Title       rendered `json:"title"`
	Content     rendered `json:"content"`
	Excerpt     rendered `json:"excerpt"`
	Embedded    embedded `json:"_embedded,omitzero"`
}

// embedded is what is asked for with ?_embed.
type embedded struct {
	Author []person `json:"author"`
}

type person struct {
	Name string `json:"name"`
}

// servePosts sends a page of the posts.
func (o *outlet) servePosts(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, size := max(1, number(q.Get("page"))), number(q.Get("per_page"))
	if size < 1 || size > 100 {
		size = 10
	}
	all := o.entries(o.articles())
	if from := (page - 1) * size; page > 1 && from >= len(all) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"code":"rest_post_invalid_page_number","message":"The page number is larger than the number of pages.","data":{"status":400}}`))
		return
	}
	posts := []post{}
	for _, e := range all[(page-1)*size : min(len(all), page*size)] {
		posts = append(posts, o.post(e, q.Has("_embed")))
	}
	body, err := json.Marshal(posts)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	o.send(w, r, "application/json; charset=UTF-8", body)
}

func (o *outlet) post(e entry, embed bool) post {
	const iso = "2006-01-02T15:04:05" // WordPress writes no zone
	p := post{
		Date: e.Published.Format(iso), DateGMT: e.Published.UTC().Format(iso), ModifiedGMT: e.Updated.UTC().Format(iso),
		GUID: rendered{Rendered: o.base + "/?p=" + e.ID}, Link: e.URL,
		Title:   rendered{Rendered: html.EscapeString(e.Title)},
		Content: rendered{Rendered: paragraphsHTML(e.Text)},
		Excerpt: rendered{Rendered: "<p>" + html.EscapeString(e.Teaser) + "</p>"},
	}
	for _, name := range e.Authors {
		if embed {
			p.Embedded.Author = append(p.Embedded.Author, person{name})
		}
	}
	return p
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // what is none is 0
	return n
}
