package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"driftwatch/crawler/charset"
	"driftwatch/crawler/extract"
	"driftwatch/crawler/fetch"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
	"driftwatch/text/names"
)

// Explained is a page or a text on its way through the program, step by step, as
// far as it came.
type Explained struct {
	Names   *names.Gazetteer // to be looked for; nil: none
	Fetched *Fetched         // nil: it was no address
	Page    *extract.Article // nil: it is a plain text, or a page without an article
	NoPage  error            // why a page has no article
	Article news.Article     // what the rules are given
	Source  news.Source      // the outlet, where it is known
	Reading *text.Reading
	Rules   *rules.Explanation
}

// Fetched is an answer, and how its bytes became text.
type Fetched struct {
	URL         string // that was asked for
	Final       string // where redirects led to
	Status      int
	ContentType string
	Bytes       int
	Encoding    string // that was found, WHATWG name
}

// FetchPage fetches a page to explain, through the same door as any page of a
// cycle, robots.txt and pace included.
func (w *Watch) FetchPage(ctx context.Context, url string, src news.Source) (*Fetched, []byte, error) {
	res, err := w.Fetch.Get(ctx, fetch.Request{URL: url, Purpose: fetch.Page, Origin: src.URL, UserAgent: src.UserAgent})
	if err != nil {
		return nil, nil, err
	}
	_, encoding := charset.HTML(res.Body, res.ContentType)
	return &Fetched{
		URL: url, Final: res.URL, Status: res.Status, ContentType: res.ContentType, Bytes: len(res.Body), Encoding: encoding,
	}, res.Body, nil
}

// IsPage reports whether bytes are HTML rather than a plain text.
func IsPage(body []byte) bool {
	if strings.HasPrefix(http.DetectContentType(body), "text/html") {
		return true
	}
	head := bytes.ToLower(body[:min(len(body), 4096)])
	return bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<head"))
}

// ReadPage extracts a page's article into x.
func (x *Explained) ReadPage(body []byte, o extract.Options) {
	x.Page, x.NoPage = extract.Page(body, o)
	if x.NoPage != nil {
		return
	}
	p := x.Page
	x.Article = news.Article{
		URL: p.URL, Title: p.Title, Text: p.Text, Lang: p.Language, Authors: p.Authors, Site: p.Site, Section: p.Section,
		Published: p.Published.UTC(), Modified: p.Modified.UTC(), Seen: o.Fetched, From: p.From.Text,
	}
}

// longestTitle is how long, in bytes, the first line of a plain text may be and
// still be its title.
const longestTitle = 400

// ReadPlain takes a plain text: its first line is the title where an empty line
// follows, or where it is all there is.
func (x *Explained) ReadPlain(body []byte) {
	decoded, _ := charset.HTML(body, "text/plain")
	all := strings.TrimSpace(strings.ReplaceAll(string(decoded), "\r\n", "\n"))
	title, rest, _ := strings.Cut(all, "\n\n")
	if len(title) > longestTitle || strings.Contains(title, "\n") {
		title, rest = "", all
	}
	x.Article.Title, x.Article.Text = title, strings.TrimSpace(rest)
}

// UnknownSignalError says that the rules have no signal of an id.
type UnknownSignalError struct {
	ID    string
	Known []string
}

// Error is a sentence that names those there are.
func (e *UnknownSignalError) Error() string {
	return fmt.Sprintf("there is no signal %s; there are: %s", e.ID, strings.Join(e.Known, ", "))
}

// Flag lets the rules explain what x holds, with the named signals alone where
// there are ids; an *[UnknownSignalError] where there is none of an id.
func (x *Explained) Flag(engine *rules.Engine, ids []string) error {
	for _, id := range ids {
		if err := knownSignal(engine, id); err != nil {
			return err
		}
	}
	if x.Article.Title == "" && x.Article.Text == "" {
		return errors.New("there is no text to explain")
	}
	about := x.Read()
	x.Rules = engine.Explain(x.Reading, about, ids...)
	return nil
}

// Read reads the text that x holds, as a cycle would, and gives what the rules are told
// beside it.
func (x *Explained) Read() rules.About {
	hint := x.Article.Lang
	if hint == "" && len(x.Source.Languages) == 1 {
		hint = x.Source.Languages[0]
	}
	x.Reading = text.Read(x.Article.Title, x.Article.Text, hint)
	about := aboutOf(x.Article, x.Source)
	about.Names = AppendNamed(nil, x.Names, x.Reading)
	return about
}

func knownSignal(engine *rules.Engine, id string) error {
	var ids []string
	for _, s := range engine.Signals() {
		if s.ID == id {
			return nil
		}
		ids = append(ids, s.ID)
	}
	return &UnknownSignalError{id, ids}
}
