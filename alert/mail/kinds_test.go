package mail_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"

	"driftwatch/alert/internal/sample"
	"driftwatch/alert/mail"
	"driftwatch/alert/message"
	"driftwatch/news"
)

// picture is a small drawing, two bars a country.
func picture(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 600, 120))
	for y := range 120 {
		for x := range 600 {
			c := color.RGBA{255, 255, 255, 255}
			switch {
			case y > 15 && y < 35 && x < 420, y > 70 && y < 90 && x < 150:
				c = color.RGBA{11, 92, 115, 255}
			case y > 38 && y < 55 && x < 100, y > 93 && y < 110 && x < 250:
				c = color.RGBA{199, 146, 29, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// leaves are the parts of a mail by their media type, decoded.
func leaves(t *testing.T, raw string) (netmail.Header, map[string]string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var walk func(contentType, encoding, id string, body io.Reader)
	walk = func(contentType, encoding, id string, body io.Reader) {
		kind, params, err := mime.ParseMediaType(contentType)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(kind, "multipart/") {
			switch strings.ToLower(encoding) {
			case "quoted-printable":
				body = quotedprintable.NewReader(body)
			case "base64":
				body = base64.NewDecoder(base64.StdEncoding, body)
			}
			b, err := io.ReadAll(body)
			if err != nil {
				t.Fatal(err)
			}
			out[kind+id] = strings.ReplaceAll(string(b), "\r\n", "\n")
			return
		}
		for r := multipart.NewReader(body, params["boundary"]); ; {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return
			} else if err != nil {
				t.Fatal(err)
			}
			walk(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Id"), p)
		}
	}
	walk(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body)
	return m.Header, out
}

func TestADigestByMail(t *testing.T) {
	s := serve(t, kind{})
	d := sample.Weekly()
	d.Picture = picture(t)
	if receipt, err := open(t, settings(s)).SendDigest(t.Context(), d); err != nil || receipt != "250, accepted for 3 of 3" {
		t.Fatalf("%q, %v", receipt, err)
	}
	h, parts := leaves(t, s.got()[0].mail)
	golden(t, "weekly.txt", headers(t, h)+parts["text/plain"])
	golden(t, "weekly.html", parts["text/html"])
	if len(parts) != 3 || !bytes.Equal([]byte(strings.ReplaceAll(string(d.Picture), "\r\n", "\n")), []byte(parts["image/png<drift>"])) {
		t.Errorf("%d parts: %q", len(parts), slices.Collect(maps.Keys(parts)))
	}
	if !strings.Contains(parts["text/html"], `src="cid:drift"`) {
		t.Error("the picture isn't shown")
	}
	if strings.Contains(s.got()[0].mail, "readers.example") {
		t.Error("readers are shown to each other")
	}
}

// Without a picture none is spoken of, and an empty digest says so.
func TestADigestWithoutStoriesByMail(t *testing.T) {
	s := serve(t, kind{})
	if _, err := open(t, settings(s)).SendDigest(t.Context(), news.Digest{Route: "all", Key: "dg_1", Period: news.Daily, Polled: 4}); err != nil {
		t.Fatal(err)
	}
	_, parts := leaves(t, s.got()[0].mail)
	for kind, text := range parts {
		if !strings.Contains(text, "No story came to this route in this time.") || strings.Contains(text, "cid:") {
			t.Errorf("%s: %s", kind, text)
		}
	}
}

func TestANoteByMail(t *testing.T) {
	s := serve(t, kind{})
	if _, err := open(t, settings(s)).SendNote(t.Context(), sample.Alarm()); err != nil {
		t.Fatal(err)
	}
	h, parts := leaves(t, s.got()[0].mail)
	golden(t, "alarm.txt", headers(t, h)+parts["text/plain"])
	golden(t, "alarm.html", parts["text/html"])
}

// A story is one thread: what follows refers to what was first.
func TestOneThreadAStory(t *testing.T) {
	s := serve(t, kind{})
	c := open(t, settings(s))
	for _, a := range []news.Alert{sample.Russian(), sample.Grown(), sample.Grown()} {
		if _, err := c.Send(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	first, _ := leaves(t, s.got()[0].mail)
	for _, later := range s.got()[1:] {
		h, _ := leaves(t, later.mail)
		if id := first.Get("Message-Id"); h.Get("In-Reply-To") != id || h.Get("References") != id || h.Get("Message-Id") == id || id == "" {
			t.Errorf("%v after %v", h, first)
		}
	}
	if first.Get("In-Reply-To") != "" {
		t.Error("the first is a reply")
	}
}

func TestWhereNoMoreIsAskedFor(t *testing.T) {
	s := serve(t, kind{})
	set := settings(s)
	for _, want := range []string{"https://lists.example/off?x=1", "mailto:desk@driftwatch.example"} {
		set.Unsubscribe = want
		if _, err := open(t, set).Send(t.Context(), sample.Russian()); err != nil {
			t.Fatal(err)
		}
		sent := s.got()
		if h, _ := leaves(t, sent[len(sent)-1].mail); h.Get("List-Unsubscribe") != "<"+want+">" {
			t.Errorf("%q", h.Get("List-Unsubscribe"))
		}
	}
	set.Unsubscribe = "mailto:a@b.example>, <http://evil.example"
	if _, err := mail.New(set); err == nil || !strings.HasPrefix(err.Error(), "unsubscribe: ") {
		t.Error(err)
	}
}

func TestDigestsAndNotesAreInert(t *testing.T) {
	hostile := sample.Hostile()
	d := news.Digest{
		Route: "<script>", Items: []news.DigestItem{{Country: "<b>", Theme: "<i>", Alert: hostile, New: true, Changes: sample.Grown().Changes}},
		Gaps: []news.Gap{{Source: "<script>", Problem: "<img src=x onerror=1>"}}, Drift: []news.DriftLine{{Country: "<u>", Note: "<s>"}},
	}
	page, err := mail.DigestHTML(message.NewDigest(d, nil))
	if err != nil {
		t.Fatal(err)
	}
	note, err := mail.NoteHTML(message.NewNote(news.Note{Title: "<script>", Lines: []string{"<a href=javascript:1>"}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range regexp.MustCompile(`<(/?[a-zA-Z!]+)[^>]*>`).FindAllString(page+note, -1) {
		name := strings.ToLower(regexp.MustCompile(`[a-zA-Z!0-9]+`).FindString(tag))
		if !strings.Contains(" !doctype html head meta title style body div p h1 a h2 ul li b span table tr th td ", " "+name+" ") || strings.Contains(tag, " on") || strings.Contains(tag, " src") || strings.Contains(tag, "javascript:") {
			t.Errorf("this may act: %s", tag)
		}
	}
}
