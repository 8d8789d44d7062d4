package blocks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func ExampleRead() {
	p := Read([]byte(`<nav><a href="/">Home</a> <a href="/news">News</a></nav>
		<h1>Parliament shelves the bill</h1><p>The vote was <b>put off</b>.<br>It comes back next week.</p>`))
	defer p.Release()
	for i := range p.Blocks {
		fmt.Printf("%s\n", p.Text(&p.Blocks[i]))
	}
	// Output:
	// Home News
	// Parliament shelves the bill
	// The vote was put off.
	// It comes back next week.
}

// texts are the texts of a page's blocks.
func texts(p *Page) []string {
	var all []string
	for i := range p.Blocks {
		all = append(all, string(p.Text(&p.Blocks[i])))
	}
	return all
}

func TestBlocks(t *testing.T) {
	tests := map[string]string{
		"a<p>b<p>c":                                   "a|b|c",
		"<div>a<div>b</div>c</div>d":                  "a|b|c|d",
		"<p>a <span>b</span><i>c</i>":                 "a bc",
		"<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e":     "a|b|c|d|e",
		"<table><tr><td>a<td>b<tr><td>c</table>d":     "a|b|c|d",
		"a<br>b<br/><br />c":                          "a|b|c",
		"<p>a<script>b</script><style>c</style>d":     "ad",
		"<p>a<!-- b -->c":                             "ac",
		"<p>a<select><option>b<option>c</select>d":    "a|d",
		"<noscript><p>a</noscript><p>b":               "b",
		"<p>a&nbsp;b &amp; c&#1058;":                  "a b & cТ",
		"<b>a<p>b</b>c</p>d":                          "a|bc|d",
		"<a href=x>a<div>b</div></a>c":                "a|b|c",
		"<p>со\u00adгла\u200bсие":                     "согласие",
		"<TITLE>x</TITLE><P>a</P>":                    "a",
		"<svg><text>a</text></svg><p>b":               "b",
		"</p></div>a":                                 "a",
		"<dl><dt>a<dd>b<dt>c</dl>":                    "a|b|c",
		"<h1>a<h2>b</h2>":                             "a|b",
		"<td>a</div>b</td>c":                          "a|b|c",
		"<p>" + strings.Repeat("<div>", 500) + "a":    "a",
		strings.Repeat("<b>", 500) + "a</b><p>b</p>c": "a|b|c",
	}
	for page, want := range tests {
		p := Read([]byte(page))
		if got := strings.Join(texts(p), "|"); got != want {
			t.Errorf("%.60q: got %q, want %q", page, got, want)
		}
		p.Release()
	}
}

// What is in links and in bold is counted, however the tags are closed.
func TestLinks(t *testing.T) {
	tests := []struct {
		page         string
		linked, bold []int
	}{
		{"<p>ab<a>cd</a>ef", []int{2}, []int{0}},
		{"<p><a>ab<a>cd</a>ef", []int{4}, []int{0}},
		{"<a><p>ab</p></a><p>cd", []int{2, 0}, []int{0, 0}},
		{"<a><p>ab</a>cd</p><p>ef", []int{2, 0}, []int{0, 0}},
		{"<p><b>ab<p>cd</b><p>ef", []int{0, 0, 0}, []int{2, 0, 0}},
		{"<td><a>ab</td><td>cd", []int{2, 0}, []int{0, 0}},
	}
	for _, tt := range tests {
		p := Read([]byte(tt.page))
		var linked, bold []int
		for _, b := range p.Blocks {
			linked, bold = append(linked, int(b.linked)), append(bold, int(b.bold))
		}
		if !slices.Equal(linked, tt.linked) || !slices.Equal(bold, tt.bold) {
			t.Errorf("%s: %v in links, %v bold, want %v, %v", tt.page, linked, bold, tt.linked, tt.bold)
		}
		p.Release()
	}
}

func TestDeclared(t *testing.T) {
	p := Read([]byte(`<html lang="kk"><head><title> A &amp; b </title><META NAME="Author" CONTENT="x"><meta property="og:title" content="&laquo;c&raquo;">
		<link rel=canonical href="/a?b&amp;c"><script type="application/ld+json">{"a":1}</script><script type="application/json">[2]</script>
		<script>window.__STATE__ = {}; </script><script>var a</script></head><body><div class="related"><h1>Others</h1><time>1</time></div>
		<article><h1 class="x">The <b>headline</b></h1><time itemprop="datePublished" datetime="2026-11-24">24</time><span class="article-author">Jane</span>
		<input type="PASSWORD"></article>`))
	defer p.Release()
	if p.Title != "A & b" || p.Language != "kk" || p.Canonical != "/a?b&c" || !p.Passwords || p.Articles != 1 || !p.HTML5 {
		t.Errorf("%q, %q, %q, %v, %d, %v", p.Title, p.Language, p.Canonical, p.Passwords, p.Articles, p.HTML5)
	}
	if !slices.Equal(p.Meta, []Meta{{"author", "x"}, {"og:title", "«c»"}}) {
		t.Errorf("meta %+v", p.Meta)
	}
	if len(p.Linked) != 1 || string(p.Linked[0]) != `{"a":1}` || len(p.State) != 2 || string(p.State[0]) != "[2]" {
		t.Errorf("scripts %q, %q", p.Linked, p.State)
	}
	if !slices.Equal(p.Headings, []Heading{{"The headline", true}}) {
		t.Errorf("headings %+v", p.Headings)
	}
	if len(p.Marks) != 3 || !p.Marks[0].Aside || p.Marks[1].Item != "datepublished" || p.Marks[1].Value != "2026-11-24" || p.Marks[1].Text != "24" ||
		!p.Marks[2].Byline || p.Marks[2].Text != "Jane" {
		t.Errorf("marks %+v", p.Marks)
	}
}

// hostile are pages of about n bytes that are built to cost much.
func hostile(n int) map[string]string {
	repeat := func(s string) string { return strings.Repeat(s, n/len(s)) }
	var attributes strings.Builder
	for i := 0; attributes.Len() < n; i++ {
		fmt.Fprintf(&attributes, "a%d ", i)
	}
	return map[string]string{
		"depth":                repeat("<div>"),
		"depth with text":      repeat("<div>a"),
		"closed in vain":       strings.Repeat("<div>", MaxDepth) + repeat("</p>"),
		"closed in vain, b":    strings.Repeat("<div>", MaxDepth) + repeat("</b>"),
		"formatting":           repeat("<b><i><font>"),
		"links":                repeat("<a>b"),
		"cells":                repeat("<table><tr><td>a"),
		"items":                repeat("<li>a"),
		"paragraphs":           repeat("<p>a"),
		"attributes":           "<p " + attributes.String() + ">a",
		"attributes, and then": "<p " + attributes.String()[:n/2] + ">" + repeat("<p>a")[:n/2],
		"equal attributes":     "<p " + repeat("a ") + ">a",
		"classes":              "<p class='" + repeat("news ") + "'>a",
		"no end of a quote":    repeat("<p a='>"),
		"no end of a script":   repeat("<script></scrip>"),
		"comments":             repeat("<!-- a --"),
		"bogus comments":       repeat("<!a"),
		"ends of nothing":      repeat("</"),
		"references":           repeat("&amp;"),
		"unknown references":   repeat("&aaaaaaaa;"),
		"breaks":               repeat("a<br>"),
		"times":                repeat("<time>1"),
		"headings":             repeat("<h1>a"),
		"one word":             repeat("a"),
		"scripts":              repeat(`<script type="application/ld+json">{</script>`),
	}
}

// A page costs work in proportion to its length, and memory within bounds,
// whatever it holds.
func TestCost(t *testing.T) {
	const n = 64 << 10
	long := hostile(2 * n)
	for name, page := range hostile(n) {
		t.Run(name, func(t *testing.T) {
			once, twice := steps(t, page), steps(t, long[name])
			if limit := 4*MaxDepth*len(page)/3 + MaxBlocks*MaxDepth; once > limit {
				t.Errorf("%d steps for %d bytes, at most %d are expected", once, len(page), limit)
			}
			if twice > 2*once+once/4+MaxBlocks*MaxDepth/4 {
				t.Errorf("%d steps, and %d for twice the length", once, twice)
			}
		})
	}
}

// steps reads a page and gives how many steps that took.
func steps(t *testing.T, page string) int {
	p := Read([]byte(page))
	defer p.Release()
	if len(p.Blocks) > MaxBlocks || len(p.elements) > maxElements || len(p.Runs) > maxRuns || len(p.Marks) > maxMarks || len(p.Meta) > maxMeta {
		t.Errorf("%d blocks, %d elements, %d runs, %d marks, %d meta", len(p.Blocks), len(p.elements), len(p.Runs), len(p.Marks), len(p.Meta))
	}
	for _, e := range p.elements {
		if e.depth > MaxDepth {
			t.Fatalf("an element at depth %d", e.depth)
		}
	}
	return p.steps
}

func FuzzRead(f *testing.F) {
	for name, page := range hostile(200) {
		f.Add([]byte(page))
		f.Add([]byte("<article><h1>" + name + "</h1><p>The vote was put off.</p>" + page))
	}
	m := &Model{Trees: []Tree{{{Feature: Leaf}}}}
	f.Fuzz(func(t *testing.T, page []byte) {
		page = []byte(strings.ToValidUTF8(string(page), "?"))
		p := Read(page)
		defer p.Release()
		end := int32(0)
		for i := range p.Blocks {
			b := &p.Blocks[i]
			if b.start < end || b.end <= b.start || len(strings.TrimSpace(string(p.Text(b)))) != int(b.end-b.start) || !utf8.Valid(p.Text(b)) {
				t.Fatalf("block %d is %d to %d, %q", i, b.start, b.end, p.Text(b))
			}
			end = b.end
		}
		if scores := m.Score(p); len(scores) != len(p.Blocks) {
			t.Fatalf("%d scores for %d blocks", len(scores), len(p.Blocks))
		}
	})
}
