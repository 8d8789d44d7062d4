package telegram

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"driftwatch/crawler/plain"
	"driftwatch/news"
)

// PostPage is the address of the page that shows one post by itself, as other
// sites embed it; link is the post's own address.
func PostPage(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	u.RawQuery = "embed=1"
	return u.String()
}

// GoneError says that Telegram shows a post no more: it was deleted, or its
// channel is closed or has gone.
type GoneError struct{ Why string }

// Error is what Telegram says.
func (e *GoneError) Error() string { return e.Why }

// Post reads the page of one post that was fetched from address at. The error is
// a *[GoneError], or an *[UnavailableError] where the page shows neither a post
// nor that there is none: a post that Telegram won't show here isn't gone.
func Post(body []byte, at string, s news.Source) (news.Item, error) {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		return news.Item{}, &UnavailableError{URL: at, Why: "its page isn't HTML"}
	}
	if gone := doc.Find(".tgme_widget_message_error"); gone.Length() > 0 {
		why := plain.Line(gone.First().Text())
		if !strings.Contains(strings.ToLower(why), "not found") { // of the post, or of its channel
			return news.Item{}, &UnavailableError{URL: at, Why: "Telegram says: " + why}
		}
		return news.Item{}, &GoneError{Why: why}
	}
	n := doc.Find(".tgme_widget_message[data-post]").First()
	if n.Length() == 0 {
		return news.Item{}, noPosts(doc, at)
	}
	it, ok := post(n, at, s) // without words there is nothing left to show
	if !ok && n.Find(".message_media_not_supported_label").Length() > 0 {
		return news.Item{}, &UnavailableError{URL: at, Why: "Telegram shows this post in its own program alone"}
	}
	return it, nil
}
