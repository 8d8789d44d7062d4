package blocks

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Markup is cut as golang.org/x/net/html cuts it.
func TestTokens(t *testing.T) {
	for _, page := range []string{
		"", "text", "<p>a<b>b</b>c", "<P CLASS=X ID='y z' data-a=\"b>c\">t</P>", "a < b <3 <", "<", "</", "</>", "<a/b=c/d>x",
		"<!DOCTYPE html><html lang=ru><head><title>a <b> c</title></head>", "<!-- a > b -->c<!--->d<!-->e", "<!-- never", "<?xml a?>b",
		"<script>if (a<b) {}</script>c", "<SCRIPT>x</SCRIPT >c", "<script>x</scripty></script>y", "<style>p > a</style>x", "<textarea><p></textarea>y",
		"<a href=x?a=1&amp;b=2>l</a>", "<a title=\"a\nb\" = c>", "<img src=x /><br/>", "<p a b=b =c d = e f= g>", "<p a='", "<p", "<p ", "<script>never",
		"</p a=b>c", "<![CDATA[x]]>y", "<iframe><p></iframe>z", "<td><t d>", "<p\n\tclass\n=\n\"a\">x", "привет <b>мир</b>", "<p a=\"1\"b=\"2\">x",
	} {
		if got, want := ours(page), theirs(page); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", page, got, want)
		}
	}
}

func ours(page string) string {
	var b strings.Builder
	t := tokens{page: []byte(page)}
	for t.next() != endOfPage {
		switch t.kind {
		case textToken:
			b.Write(t.text)
		case endTag:
			fmt.Fprintf(&b, "{/%s}", t.name)
		case startTag:
			fmt.Fprintf(&b, "{%s", t.name)
			for _, a := range t.attrs[:t.n] {
				fmt.Fprintf(&b, " %s=%q", strings.ToLower(string(a.name)), a.value)
			}
			b.WriteString("}")
		}
	}
	return b.String()
}

func theirs(page string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.Write(z.Raw())
		case html.EndTagToken:
			name, _ := z.TagName()
			fmt.Fprintf(&b, "{/%s}", atom.Lookup(name))
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := string(z.Raw())
			name, more := z.TagName()
			fmt.Fprintf(&b, "{%s", atom.Lookup(name))
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				fmt.Fprintf(&b, " %s=%q", key, asWritten(raw, string(value)))
			}
			b.WriteString("}")
		}
	}
}

// asWritten gives a value with the character references that the tokenizer has
// resolved.
func asWritten(raw, value string) string {
	if strings.Contains(raw, value) {
		return value
	}
	return strings.ReplaceAll(value, "&", "&amp;")
}
