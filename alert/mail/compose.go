package mail

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"driftwatch/alert/message"
	"driftwatch/guard"
)

// letter is a mail before it has readers.
type letter struct {
	key     string // of the delivery
	first   string // of the first message of the same story; "": this is it
	about   string // what a wish to get no more is about
	subject string
	text    string
	html    string
	picture []byte // PNG, shown in the HTML; nil: none
}

// story is an alert as a letter; first is the key of the story's first message.
func story(m message.Message, first string) (letter, error) {
	html, err := HTML(m)
	return letter{
		key: m.Key, first: first, about: "route " + m.Route, subject: subject(m), text: m.Text() + foot(footer(m)), html: html,
	}, err
}

// digest is a digest as a letter.
func digest(d message.Digest) (letter, error) {
	html, err := DigestHTML(d)
	return letter{
		key: d.Key, about: "digest of route " + d.Route, subject: guard.Header(d.Headline) + " (" + d.Route + ")",
		text: d.Text() + foot("Driftwatch, route "+d.Route), html: html, picture: d.Picture,
	}, err
}

// note is a note as a letter.
func note(n message.Note) (letter, error) {
	html, err := NoteHTML(n)
	return letter{key: n.Key, about: "notes to the operator", subject: guard.Header(n.Headline()), text: n.Text() + foot(operatorFoot), html: html}, err
}

const operatorFoot = "Driftwatch, to its operator"

func foot(s string) string { return "\n-- \n" + s + "\n" }

// pictureID is the picture's Content-ID (RFC 2392).
const pictureID = "drift" // in brackets in the header

// compose writes the mail: text and HTML of the same content (RFC 2046, 5.1.4),
// nothing to load from anywhere.
func (c *Channel) compose(l letter) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(c.from)
	if len(c.to) == 1 {
		if err := msg.To(c.to[0]); err != nil {
			return nil, err
		}
	} else {
		msg.SetGenHeaderPreformatted("To", "undisclosed-recipients:;")
	}
	msg.Subject(l.subject)
	msg.SetDateWithValue(c.s.Now().In(zone(c.s.Zone)))
	msg.SetMessageIDWithValue(messageID(l.key, domain(c.from.Address)))
	if l.first != "" { // one thread a story (RFC 5322, 3.6.4)
		thread := "<" + messageID(l.first, domain(c.from.Address)) + ">"
		msg.SetGenHeaderPreformatted("In-Reply-To", thread)
		msg.SetGenHeaderPreformatted("References", thread)
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	msg.SetGenHeaderPreformatted("List-Unsubscribe", "<"+c.unsubscribe(l.about)+">")
	msg.SetBodyString(gomail.TypeTextPlain, l.text)
	msg.AddAlternativeString(gomail.TypeTextHTML, l.html)
	if l.picture != nil {
		err := msg.EmbedReader("drift.png", bytes.NewReader(l.picture), gomail.WithFileContentType("image/png"), gomail.WithFileContentID("<"+pictureID+">"))
		if err != nil {
			return nil, err
		}
	}
	return msg, nil
}

// unsubscribe is where a wish to get no more goes (RFC 2369).
func (c *Channel) unsubscribe(about string) string {
	if c.s.Unsubscribe != "" {
		return c.s.Unsubscribe
	}
	return "mailto:" + (&url.URL{Path: c.from.Address}).EscapedPath() + "?subject=" + url.PathEscape("Driftwatch: no more of "+about)
}

func zone(z *time.Location) *time.Location {
	if z == nil {
		return time.UTC
	}
	return z
}

func subject(m message.Message) string {
	if m.Title == "" {
		return guard.Header(m.Headline())
	}
	return guard.Header(m.Headline() + ": " + m.Title)
}

func footer(m message.Message) string { return "Driftwatch, route " + m.Route }

// plainKey is a key that can stand in a Message-ID as it is (RFC 5322, 3.2.3).
var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// messageID is the same for the same key, whatever is in it.
func messageID(key, domain string) string {
	if len(key) > 100 || !plainKey.MatchString(key) {
		sum := sha256.Sum256([]byte(key))
		key = hex.EncodeToString(sum[:16])
	}
	return key + "@" + domain
}

//go:embed mail.html
var page string

var pages = template.Must(template.New("mail").Funcs(template.FuncMap{"note": noteOf}).Parse(page))

// noteOf is what a row says in its last column, where that has no name; it gets
// a row of its own, since mails are narrow.
func noteOf(columns, row []string) string {
	if last := len(columns) - 1; last > 0 && columns[last] == "" && len(row) == len(columns) {
		return row[last]
	}
	return ""
}

// HTML is an alert as a page of its own.
func HTML(m message.Message) (string, error) { return write("story", m, subject(m), footer(m)) }

// DigestHTML is a digest as a page of its own; its picture is that of the
// Content-ID "drift".
func DigestHTML(d message.Digest) (string, error) {
	return write("digest", d, d.Headline, "Driftwatch, route "+d.Route)
}

// NoteHTML is a note as a page of its own.
func NoteHTML(n message.Note) (string, error) { return write("note", n, n.Headline(), operatorFoot) }

func write(name string, m any, subject, footer string) (string, error) {
	var b strings.Builder
	err := pages.ExecuteTemplate(&b, name, struct {
		M                        any
		Subject, Footer, Picture string
	}{m, subject, footer, pictureID})
	return strings.TrimLeft(b.String(), "\n"), err
}
