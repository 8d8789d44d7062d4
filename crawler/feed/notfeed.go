package feed

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"driftwatch/crawler/plain"
	"driftwatch/crawler/wall"
)

// NotFeedError says what a body is that is no feed.
type NotFeedError struct {
	What string       // what it is instead, as "an HTML page titled “Kabar”"
	Wall wall.Finding // what kind of page, where it is one that stands before what was asked for
	Page string       // the page where it is one in HTML; empty otherwise
	List bool         // a list of feeds was wanted
}

// Error is a sentence.
func (e *NotFeedError) Error() string {
	if e.List {
		return "this is no list of feeds (OPML) but " + e.What
	}
	return "this is no feed but " + e.What
}

// magic are the beginnings of files that are no text.
var magic = []struct{ begins, what string }{
	{"%PDF-", "a PDF document"},
	{"\x1f\x8b", "compressed data (gzip)"},
	{"\x28\xb5\x2f\xfd", "compressed data (zstd)"},
	{"PK\x03\x04", "a ZIP archive"},
	{"\x89PNG", "an image"},
	{"\xff\xd8\xff", "an image"},
	{"GIF8", "an image"},
	{"RIFF", "an image or a recording"},
}

// notFeed says what a text is in which no feed was found.
func notFeed(body []byte, text string) *NotFeedError {
	for _, m := range magic {
		if bytes.HasPrefix(body, []byte(m.begins)) {
			return &NotFeedError{What: m.what}
		}
	}
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "":
		return &NotFeedError{What: "nothing: the body is empty"}
	case trimmed[0] == '{' || trimmed[0] == '[':
		return &NotFeedError{What: "JSON of another kind than JSON Feed: a source of kind json may read it"}
	case trimmed[0] != '<' && !strings.Contains(trimmed[:min(len(trimmed), 4096)], "<"):
		return &NotFeedError{What: fmt.Sprintf("text that begins “%s”", excerpt(trimmed))}
	}
	return markup(text)
}

// markup says what an XML or HTML document is.
func markup(text string) *NotFeedError {
	if f := wall.Guarded(text); f.Kind != "" {
		return &NotFeedError{What: f.What, Wall: f}
	}
	m := mender{s: text}
	for {
		t, ok := m.tag()
		if !ok {
			return &NotFeedError{What: fmt.Sprintf("text that begins “%s”", excerpt(plain.HTML(text)))}
		}
		if t.end {
			continue
		}
		switch name := t.local(); name {
		case "urlset", "news":
			return &NotFeedError{What: "a sitemap"}
		case "sitemapindex":
			return &NotFeedError{What: "an index of sitemaps"}
		case "opml":
			return &NotFeedError{What: "a list of feeds (OPML)"}
		case "html", "head", "body", "title", "meta", "div", "p", "h1", "script", "link", "br", "center", "table":
			return page(text)
		default:
			return &NotFeedError{What: fmt.Sprintf("an XML document whose root is <%s>", excerpt(t.name))}
		}
	}
}

func page(text string) *NotFeedError {
	e := &NotFeedError{Wall: wall.Look(text), Page: text}
	switch title := wall.Title(text); {
	case e.Wall.Kind != "":
		e.What = e.Wall.What
	case title != "":
		e.What = fmt.Sprintf("an HTML page titled “%s”", excerpt(title))
	default:
		e.What = "an HTML page without a title"
	}
	return e
}

// excerpt is the beginning of a text, as one line.
func excerpt(s string) string {
	const most = 80
	s = plain.Line(s[:min(len(s), 4*most)])
	if utf8.RuneCountInString(s) <= most {
		return strings.ToValidUTF8(s, "")
	}
	return string([]rune(s)[:most]) + "…"
}
