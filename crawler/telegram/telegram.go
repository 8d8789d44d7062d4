package telegram

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"driftwatch/crawler/address"
	"driftwatch/crawler/date"
	"driftwatch/crawler/fetch"
	"driftwatch/crawler/plain"
	"driftwatch/guard"
	"driftwatch/news"
)

// Format is the name of this kind of listing.
const Format = "telegram"

// Listing is what a channel's preview shows: its latest posts, about twenty.
type Listing struct {
	Items  []news.Item // the newest first
	MaxAge time.Duration
	Moved  string // where permanent redirects led to; empty: nowhere
}

// UnavailableError says that a page is no preview of a channel, or one in which
// there is nothing to read.
type UnavailableError struct {
	URL   string
	Why   string // a phrase: "there is no such channel"
	Empty bool   // it is a preview: of a channel without posts, or without words in them
}

// Error is a sentence that says what to do.
func (e *UnavailableError) Error() string {
	return fmt.Sprintf("channel %s can't be read: %s", e.URL, e.Why)
}

// Read reads the channel of s, whose URL is https://t.me/s/NAME or the
// channel's own address. The error is an *[UnavailableError] or an
// *[fetch.Error].
func Read(ctx context.Context, c *fetch.Client, s news.Source) (*Listing, error) {
	res, err := c.Get(ctx, fetch.Request{URL: Preview(s.URL), Purpose: fetch.Listing, UserAgent: s.UserAgent, Accept: "text/html, */*;q=0.5"})
	if err != nil {
		return nil, err
	}
	items, err := parse(res.Body, res.URL, s)
	if err != nil {
		return nil, err
	}
	return &Listing{Items: items, MaxAge: res.MaxAge, Moved: res.Moved}, nil
}

// Before reads the posts of the channel of s before the one with a number; 0:
// the latest ones. following is the number to go on with, 0 at the beginning of
// the channel.
func Before(ctx context.Context, c *fetch.Client, s news.Source, before int) (items []news.Item, following int, err error) {
	at := Preview(s.URL)
	if before > 0 {
		at += "?before=" + strconv.Itoa(before)
	}
	res, err := c.Get(ctx, fetch.Request{URL: at, Purpose: fetch.Listing, Origin: s.URL, UserAgent: s.UserAgent, Accept: "text/html, */*;q=0.5"})
	if err != nil {
		return nil, 0, err
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(res.Body))
	if err != nil {
		return nil, 0, &UnavailableError{URL: at, Why: "its page isn't HTML"}
	}
	doc.Find(".tgme_widget_message[data-post]").Each(func(_ int, n *goquery.Selection) {
		id := n.AttrOr("data-post", "")
		if number, err := strconv.Atoi(id[strings.LastIndexByte(id, '/')+1:]); err == nil && number > 0 && (following == 0 || number < following) {
			following = number
		}
		if it, ok := post(n, res.URL, s); ok {
			items = append(items, it)
		}
	})
	if following == 0 && before == 0 {
		return nil, 0, noPosts(doc, res.URL)
	}
	if following == 1 || before > 0 && following >= before {
		following = 0
	}
	slices.Reverse(items)
	return items, following, nil
}

var named = regexp.MustCompile(`^/(?:s/)?([A-Za-z][A-Za-z0-9_]{3,31})/?$`)

// Preview is the address of a channel's preview page. An address of another
// form comes back as it is.
func Preview(channel string) string {
	u, err := url.Parse(channel)
	if err != nil {
		return channel
	}
	name := Name(u)
	if name == "" {
		return channel
	}
	u.Path, u.RawPath = "/s/"+name, ""
	return u.String()
}

// Name is the name of the channel that an address of Telegram's leads to, of the
// form /NAME or /s/NAME; empty where it has another form.
func Name(u *url.URL) string {
	if m := named.FindStringSubmatch(u.Path); m != nil {
		return m[1]
	}
	return ""
}

// IsPost reports whether link leads to a post of the channel that s reads,
// rather than to an article somewhere else.
func IsPost(link string, s news.Source) bool {
	u, err := url.Parse(link)
	own, ownErr := url.Parse(s.URL)
	return err == nil && ownErr == nil && u.Host == own.Host
}

// parse takes the posts out of a preview page that was read at address at.
func parse(body []byte, at string, s news.Source) ([]news.Item, error) {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		return nil, &UnavailableError{URL: at, Why: "its page isn't HTML"}
	}
	posts := doc.Find(".tgme_widget_message[data-post]")
	if posts.Length() == 0 {
		return nil, noPosts(doc, at)
	}
	var items []news.Item
	for _, n := range posts.EachIter() {
		if it, ok := post(n, at, s); ok {
			items = append(items, it)
		}
	}
	slices.Reverse(items)
	if len(items) == 0 {
		return nil, &UnavailableError{URL: at, Why: "its latest posts are pictures and films without words", Empty: true}
	}
	return items, nil
}

// noPosts says why a page has no posts: a channel that has none yet is told from one
// that shows none.
func noPosts(doc *goquery.Document, at string) *UnavailableError {
	e := &UnavailableError{URL: at}
	u, _ := url.Parse(at)
	switch {
	case doc.Find(".tgme_channel_info").Length() > 0:
		e.Why, e.Empty = "it has no posts yet", true
	case doc.Find(".tgme_page_title").Length() > 0:
		e.Why = "it shows no preview to those who aren't in it; look for the outlet's feed instead"
	case doc.Find(".tgme_page").Length() > 0:
		e.Why = "there is no such channel; check its name"
	case u != nil && !strings.HasPrefix(u.Path, "/s/"):
		e.Why = "it shows no preview, or there is no such channel"
	default:
		e.Why = "its page has no posts: it isn't Telegram's preview, or Telegram has changed it"
	}
	return e
}

// post reads one post; false where it has no words of its own: what Telegram says of
// the channel itself ("pinned a photo") stands among the posts, and isn't one.
func post(n *goquery.Selection, at string, s news.Source) (news.Item, bool) {
	if n.HasClass("service_message") {
		return news.Item{}, false
	}
	id := n.AttrOr("data-post", "")
	body := n.Find(".tgme_widget_message_text").Not(".tgme_widget_message_reply .tgme_widget_message_text").First()
	text := ""
	if body.Length() > 0 {
		text = textOf(body.Nodes[0])
	}
	card := n.Find("a.tgme_widget_message_link_preview").First()
	head := plain.Line(card.Find(".link_preview_title").First().Text())
	if text == "" {
		text = plain.Line(card.Find(".link_preview_description").First().Text())
	} else if strings.ContainsFunc(text, unicode.IsLetter) {
		head = ""
	}
	if text == "" && head == "" {
		return news.Item{}, false
	}
	link, err := address.Resolve(at, "/"+id)
	if err != nil || id == "" {
		return news.Item{}, false
	}
	it := news.Item{Source: s.ID, ID: link, Link: link, Title: title(cmp.Or(head, text)), Content: text}
	if a := article(n, card, at, s); a != "" {
		it.Link = a
	}
	if d, ok := date.Parse(n.Find(".tgme_widget_message_date time[datetime]").AttrOr("datetime", ""), date.Options{}); ok {
		it.Published = d.UTC()
	}
	return it, true
}

// textOf is the text of a post, a line of it a paragraph.
func textOf(n *html.Node) string {
	var b bytes.Buffer
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := html.Render(&b, c); err != nil {
			return ""
		}
	}
	return plain.HTML(strings.NewReplacer("<br/>", "<p>", "<br>", "<p>").Replace(b.String()))
}

// article is the address of the article that a post points to: the only link of
// the post that leads to the outlet's own site; "" where there is none.
func article(n, card *goquery.Selection, at string, s news.Source) string {
	own := address.Domain(s.Homepage)
	if own == "" || own == address.Domain(at) {
		return ""
	}
	found := map[string]string{} // canonical → as given
	add := func(_ int, a *goquery.Selection) {
		abs, err := address.Resolve(at, a.AttrOr("href", ""))
		if err != nil || address.Domain(abs) != own {
			return
		}
		u, err := url.Parse(abs)
		if err != nil || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" { // the front page
			return
		}
		if id, err := address.Canonical(abs); err == nil {
			found[id] = abs
		}
	}
	n.Find(".tgme_widget_message_text a[href]").Each(add)
	card.Each(add)
	if len(found) != 1 {
		return "" // none, or a post that rounds up several
	}
	for _, abs := range found {
		return abs
	}
	return ""
}

// maxTitle is how long a post's title may be, in bytes.
const maxTitle = 200

// title is a post's first line, or its first sentences where that is long.
func title(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	first = guard.Line(strings.TrimSpace(first))
	if len(first) <= maxTitle {
		return first
	}
	cut := strings.ToValidUTF8(first[:maxTitle], "")
	if i := strings.LastIndexAny(cut, ".!?"); i > maxTitle/4 {
		return cut[:i+1]
	}
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}
