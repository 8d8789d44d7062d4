package extract

import (
	"bytes"
	_ "embed"
	"slices"
	"strings"
	"sync"

	"driftwatch/crawler/extract/blocks"
	"driftwatch/crawler/plain"
)

// body is the text that was found on a page.
type body struct {
	text  string
	from  string
	whole int // bytes that there were before tidying
	links int // of them, in links
	items int // paragraphs that are nothing but a headline's link
}

// paragraph is a paragraph of a text.
type paragraph struct {
	text   string
	linked int // bytes of it that are links
}

//go:embed model.bin
var modelFile []byte

// builtIn is the model that comes with the program.
var builtIn = sync.OnceValue(func() *blocks.Model {
	m, err := blocks.Decode(modelFile)
	if err != nil {
		panic("extract: model.bin: " + err.Error())
	}
	return m
})

// bodyOf finds the article's text: where the source's selectors point, else in
// the blocks of the page, else in JSON-LD, else in the data of a script.
func (p *page) bodyOf(selected []paragraph) body {
	if text := p.tidy(selected); text != "" {
		return body{text: text, from: FromSelectors}
	}
	chosen := p.chosen()
	b := body{text: p.tidy(chosen), from: FromBlocks}
	for _, c := range chosen {
		b.whole += len(c.text)
		b.links += c.linked
		if c.linked >= blocks.HeadlineLink && 10*c.linked >= 9*len(c.text) {
			b.items++
		}
	}
	if told := plain.Text(plain.GuessRich(p.ld.body)); len(b.text) < minText && len(told) > len(b.text) {
		b.text, b.from = p.tidy(paragraphs(told)), FromJSONLD
	}
	if len(b.text) < minText {
		if told := toldByScripts(p.State, p.declared()); len(told) > len(b.text) {
			b.text, b.from = p.tidy(paragraphs(told)), FromScript
		}
	}
	return b
}

// chosen gives the paragraphs that the model takes for the article.
func (p *page) chosen() []paragraph {
	m := p.o.Model
	if m == nil {
		m = builtIn()
	}
	p.Tell(p.ld.body)
	scores := m.Score(p.Page)
	take := p.Choose(scores)
	p.cutBoxes(take)
	p.cutConsent(take)
	p.NextArticles(func(first, last int) { clear(take[first : last+1]) })
	titled := p.titled()
	var all []paragraph
	var parts []string // of the last paragraph
	last, linked := -1, 0
	flush := func() {
		if last >= 0 {
			all = append(all, paragraph{strings.Join(parts, " "), linked})
		}
		parts, linked = parts[:0], 0
	}
	for i := range p.Blocks {
		b := &p.Blocks[i]
		if !take[i] || titled && p.IsTitle(b) {
			continue
		}
		if last >= 0 && p.Join(last, i) == blocks.Apart {
			flush()
		}
		parts = append(parts, string(p.Text(b)))
		linked += b.Linked()
		last = i
	}
	flush()
	return all
}

// cutBoxes gives up the blocks of boxes whose heading says that they are other
// news, once some of the article went before.
func (p *page) cutBoxes(take []bool) {
	before := 0
	for i := range p.Blocks {
		text := p.Text(&p.Blocks[i])
		if before > minText/2 && len(text) <= longTail && isTail(text) {
			for k := i; k <= p.Box(i); k++ {
				take[k] = false
			}
		}
		if take[i] {
			before += len(text)
		}
	}
}

// cutConsent gives up the blocks of boxes that ask for consent to cookies, in
// whatever language and however they are marked: such a box stands before or after
// all else that was taken, beside the headline, and holds less than twice that.
func (p *page) cutConsent(take []bool) {
	tries := 0
	for i := 0; i < len(take) && tries < maxConsent; i++ {
		if !namesCookies(p.Text(&p.Blocks[i])) {
			continue
		}
		tries++
		first, last := p.Beside(i)
		var before, within, after int
		for k := range take {
			size := len(p.Text(&p.Blocks[k]))
			switch {
			case !take[k] || p.IsTitle(&p.Blocks[k]):
			case k < first:
				before += size
			case k > last:
				after += size
			default:
				within += size
			}
		}
		if within < 2*(before+after) && (before == 0 || after == 0) {
			clear(take[first : last+1])
			i = last
		}
	}
}

// maxConsent is how many blocks that name cookies are looked at.
const maxConsent = 20

// namesCookies reports whether a text has the word in it.
func namesCookies(text []byte) bool {
	for _, word := range []string{"cookie", "Cookie", "COOKIE", "куки"} {
		if bytes.Contains(text, []byte(word)) {
			return true
		}
	}
	return false
}

// titled reports whether the page says apart from its text what its title is.
func (p *page) titled() bool {
	return p.HTML5 || p.ld.headline != "" || slices.ContainsFunc(p.Headings, func(h blocks.Heading) bool { return h.Own })
}
