package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"driftwatch/crawler/fetch"
	"driftwatch/crawler/telegram"
	"driftwatch/guard"
	"driftwatch/news"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var loopback = guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

// preview is a preview page with the given posts.
func preview(posts ...string) string {
	return `<!doctype html><html><head><title>Вести Алмалы – Telegram</title></head><body class="widget_frame_base">
	<div class="tgme_channel_info"><div class="tgme_channel_info_header_title"><span>Вести Алмалы</span></div></div>
	<section class="tgme_channel_history">` + strings.Join(posts, "\n") + `</section></body></html>`
}

// wrap is a post as the preview shows it.
func wrap(id, when, inner string) string {
	return fmt.Sprintf(`<div class="tgme_widget_message_wrap"><div class="tgme_widget_message text_not_supported_wrap" data-post="almalynews/%s">
	<div class="tgme_widget_message_bubble">%s<div class="tgme_widget_message_footer"><span class="tgme_widget_message_views">1.2K</span>
	<a class="tgme_widget_message_date" href="https://t.me/almalynews/%[1]s"><time datetime="%[3]s" class="time">10:00</time></a></div></div></div></div>`, id, inner, when)
}

func words(s string) string {
	return `<div class="tgme_widget_message_text js-message_text" dir="auto">` + s + `</div>`
}

func serve(t testing.TB, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func client(t testing.TB) *fetch.Client {
	c, err := fetch.New(fetch.Config{Policy: loopback})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func ExampleRead() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, preview(wrap("7", "2026-11-02T05:00:00+00:00", words("В Алмалы открыли мост.<br>Он стоит два миллиона."))))
	}))
	defer server.Close()
	c, err := fetch.New(fetch.Config{Policy: loopback})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	l, err := telegram.Read(context.Background(), c, news.Source{ID: "almaly", URL: server.URL + "/s/almalynews"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, it := range l.Items {
		fmt.Println(it.Title, it.Published)
	}
	// Output:
	// В Алмалы открыли мост. 2026-11-02 05:00:00 +0000 UTC
}

func TestRead(t *testing.T) {
	long := strings.Repeat("Мост через реку. ", 30)
	page := preview(
		wrap("1", "2026-11-02T05:00:00+00:00", words(`<b>В Алмалы открыли <i class="emoji"><b>🌉</b></i> мост</b><br><br>Он стоит два миллиона. <a href="https://almaly.example/news/1?utm_source=telegram">Подробнее</a>`)),
		wrap("2", "2026-11-02T06:00:00+00:00", `<a class="tgme_widget_message_photo_wrap" href="https://t.me/almalynews/2"></a>`),
		wrap("3", "2026-11-02T07:00:00+00:00", `<a class="tgme_widget_message_link_preview" href="https://almaly.example/news/3">
			<div class="link_preview_site_name">Алмалы</div><div class="link_preview_title">Хлебозавод закрыт</div><div class="link_preview_description">На ремонт.</div></a>`),
		wrap("4", "2026-11-02T08:00:00+00:00", words(`Главное за день: <a href="https://almaly.example/news/1">мост</a> и <a href="https://almaly.example/news/3">хлеб</a>`)),
		wrap("5", "", `<a class="tgme_widget_message_reply" href="#"><div class="tgme_widget_message_text">Старое</div></a>`+words(`Новое <a href="https://other.example/a">чужое</a> <a href="https://almaly.example/">сайт</a>`)),
		wrap("6", "2026-11-02T09:00:00+00:00", words(long)),
	)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/s/almalynews" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		io.WriteString(w, page)
	})
	s := news.Source{ID: "almaly", Homepage: "https://almaly.example/", URL: url + "/almalynews"}
	l, err := telegram.Read(t.Context(), client(t), s)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ link, title, content, when string }{
		{url + "/almalynews/6", "", strings.TrimSpace(long), "2026-11-02T09:00:00Z"},
		{url + "/almalynews/5", "Новое чужое сайт", "Новое чужое сайт", "0001-01-01T00:00:00Z"},
		{url + "/almalynews/4", "Главное за день: мост и хлеб", "Главное за день: мост и хлеб", "2026-11-02T08:00:00Z"},
		{"https://almaly.example/news/3", "Хлебозавод закрыт", "На ремонт.", "2026-11-02T07:00:00Z"},
		{"https://almaly.example/news/1?utm_source=telegram", "В Алмалы открыли 🌉 мост", "В Алмалы открыли 🌉 мост\n\nОн стоит два миллиона. Подробнее", "2026-11-02T05:00:00Z"},
	}
	if len(l.Items) != len(want) {
		t.Fatalf("%d items, want %d: %+v", len(l.Items), len(want), l.Items)
	}
	for i, w := range want {
		it := l.Items[i]
		if it.Link != w.link || it.Content != w.content || it.Published.Format(time.RFC3339) != w.when || w.title != "" && it.Title != w.title {
			t.Errorf("item %d: %q %q %q %v, want %v", i, it.Link, it.Title, it.Content, it.Published, w)
		}
	}
	if title := l.Items[0].Title; len(title) > 203 || !strings.HasSuffix(title, ".") {
		t.Errorf("a long post's title is %q", title)
	}
}

func TestUnavailable(t *testing.T) {
	for name, tt := range map[string]struct{ page, want string }{
		"no posts":     {preview(), "it has no posts yet"},
		"pictures":     {preview(wrap("2", "2026-11-02T06:00:00+00:00", "")), "without words"},
		"not shown":    {`<body><div class="tgme_page"><div class="tgme_page_title"><span>Вести</span></div></div></body>`, "it shows no preview to those who aren't in it"},
		"no channel":   {`<body><div class="tgme_page"><a class="tgme_action_button_new">Contact</a></div></body>`, "there is no such channel"},
		"another page": {`<html><body>Hello</body></html>`, "its page has no posts"},
		"nothing":      {"", "its page has no posts"},
	} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, tt.page) })
			_, err := telegram.Read(t.Context(), client(t), news.Source{ID: "a", URL: url + "/s/almalynews"})
			var gone *telegram.UnavailableError
			if !errors.As(err, &gone) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q in it", err, tt.want)
			}
			if quiet := name == "no posts" || name == "pictures"; gone != nil && gone.Empty != quiet {
				t.Errorf("a channel with nothing to read: %v, want %v", gone.Empty, quiet)
			}
		})
	}
}

// What Telegram says of the channel itself is no post, and what it shows in its own
// program alone is no article. An album's text lies in an element of its own kind.
func TestReadWhatIsNoPost(t *testing.T) {
	const hidden = `<div class="media_not_supported_cont"><div class="message_media_not_supported_wrap"><div class="message_media_not_supported_label">Please open Telegram to view this post</div></div></div>`
	service := strings.Replace(wrap("1", "2026-11-02T05:00:00+00:00", words("Вести Алмалы pinned a photo")), "text_not_supported_wrap", "text_not_supported_wrap service_message js-widget_message", 1)
	page := preview(service, wrap("2", "2026-11-02T06:00:00+00:00", words(words("Хлебозавод<br/>закрыт"))), wrap("3", "2026-11-02T07:00:00+00:00", hidden))
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, page) })
	l, err := telegram.Read(t.Context(), client(t), news.Source{ID: "a", URL: url + "/s/almalynews"})
	if err != nil || len(l.Items) != 1 || l.Items[0].Content != "Хлебозавод\n\nзакрыт" {
		t.Errorf("%+v, %v; want the one post", l, err)
	}
	s := news.Source{ID: "a", URL: "https://t.me/almalynews"}
	for name, tt := range map[string]struct {
		page, want string
		gone       bool
	}{
		"deleted":       {`<div class="tgme_widget_message_error">Post not found</div>`, "Post not found", true},
		"channel gone":  {`<div class="tgme_widget_message_error">Channel with username <b>@almalynews</b> not found</div>`, "not found", true},
		"another error": {`<div class="tgme_widget_message_error">Try again later</div>`, "Telegram says: Try again later", false},
		"hidden":        {wrap("3", "2026-11-02T07:00:00+00:00", hidden), "in its own program alone", false},
	} {
		_, err := telegram.Post([]byte(tt.page), telegram.PostPage("https://t.me/almalynews/3"), s)
		var gone *telegram.GoneError
		if err == nil || errors.As(err, &gone) != tt.gone || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want gone %v and %q", name, err, tt.gone, tt.want)
		}
	}
	it, err := telegram.Post([]byte(wrap("3", "2026-11-02T07:00:00+00:00", hidden+words("Мост открыт"))), "https://t.me/almalynews/3?embed=1", s)
	if err != nil || it.Content != "Мост открыт" {
		t.Errorf("its film hidden: %+v, %v", it, err)
	}
}

func TestPreview(t *testing.T) {
	for in, want := range map[string]string{
		"https://t.me/almalynews":      "https://t.me/s/almalynews",
		"https://t.me/s/almalynews":    "https://t.me/s/almalynews",
		"https://t.me/s/almalynews/":   "https://t.me/s/almalynews",
		"https://t.me/joinchat/abcdef": "https://t.me/joinchat/abcdef",
		"https://t.me/+abcdef":         "https://t.me/+abcdef",
	} {
		if got := telegram.Preview(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
