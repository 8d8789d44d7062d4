package watch

import (
	"fmt"
	"slices"
	"strings"

	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/text"
)

// sight is what an article's page was found to be at one moment.
type sight struct {
	said         news.Version // what it says; no text where it couldn't be read as an article
	down         string       // how it is gone; empty: it is there
	etag         string
	lastModified string
	capture      *news.Capture // as received; nil: not to be kept
}

// whole is the number of a page's sentences from which it can be told that none
// of them is left.
const whole = 3

// compare tells what has changed on a page since it was read last, as far as it
// touches what was flagged: its evidence, its title, whether it is there. It may
// find that the page is gone though the server doesn't say so, and then sets
// now.down.
func compare(was store.Look, now *sight, hits []news.Hit) []store.PageChange {
	before, after := split(was.Said.Text), split(now.said.Text)
	kept, removed := before.in(after)
	retitled := !sameLine(was.Said.Title, now.said.Title)
	if now.down == "" && was.Said.Text != "" {
		switch {
		case now.said.Text == "":
			now.down = "no text is left"
		case kept == 0 && removed >= whole && retitled:
			now.down = "another text stands at its address"
		case kept == 0 && 5*len(now.said.Text) < len(was.Said.Text):
			now.down = fmt.Sprintf("%d bytes of text are left of %d", len(now.said.Text), len(was.Said.Text))
		}
	}
	change := func(kind news.ChangeKind, of, from, to string) store.PageChange {
		return store.PageChange{
			PageChange: news.PageChange{Article: was.Article, Kind: kind, Of: of, From: from, To: to, Found: now.said.Seen},
			Before:     was.Said, After: now.said,
		}
	}
	switch {
	case now.down != "" && was.Down != "":
		return nil
	case now.down != "":
		return []store.PageChange{change(news.ChangeTakenDown, "", was.Said.Title, now.down)}
	}
	var out []store.PageChange
	if was.Down != "" {
		out = append(out, change(news.ChangeRestored, "", was.Down, now.said.Title))
	}
	if was.Said.Text == "" {
		return out // there is nothing to compare with yet
	}
	if retitled && was.Said.Title != "" && now.said.Title != "" {
		out = append(out, change(news.ChangeTitle, "", was.Said.Title, now.said.Title))
	}
	told := map[string]bool{}
	for _, h := range hits {
		for _, s := range evidenceSentences(h) {
			if key := line(s); before.has[key] && !after.has[key] && !told[key] {
				told[key] = true
				out = append(out, change(news.ChangeEdited, h.Title, s, after.nearest(s, before)))
			}
		}
	}
	return out
}

// evidenceSentences are the sentences of a hit's text that its words stand in;
// all of them where it names no words.
func evidenceSentences(h news.Hit) []string {
	var out []string
	for _, e := range h.Evidence {
		if e.Field != news.FieldText {
			continue
		}
		var f text.Field
		new(text.Reader).Split(&f, e.Sentence)
		for i, s := range f.Sentences {
			holds := len(e.Words) == 0
			for _, w := range e.Words {
				at := w.Start - e.SentenceStart
				holds = holds || at >= int(s.Start) && at < int(s.End)
			}
			if holds {
				out = append(out, f.Sentence(i))
			}
		}
	}
	return out
}

// sentences are those of a text, by their words in one line.
type sentences struct {
	list []string
	has  map[string]bool
}

func split(body string) sentences {
	out := sentences{has: map[string]bool{}}
	var f text.Field
	new(text.Reader).Split(&f, body)
	for i := range f.Sentences {
		s := line(f.Sentence(i))
		out.list, out.has[s] = append(out.list, s), true
	}
	return out
}

// in counts those that another text has too, and those that it hasn't.
func (s sentences) in(other sentences) (kept, removed int) {
	for one := range s.has {
		if other.has[one] {
			kept++
		} else {
			removed++
		}
	}
	return kept, removed
}

// likeness is the share of words (Jaccard) from which a sentence counts as
// another one rewritten.
const likeness = 0.3

// nearest is the sentence that was most likely put in the place of another: of
// those that an earlier text hasn't, the one that shares most words with it, or else
// the one that stands where it stood.
func (s sentences) nearest(old string, earlier sentences) string {
	best, most := "", likeness
	words := wordSet(old)
	for _, one := range s.list {
		if earlier.has[one] {
			continue
		}
		other, shared := wordSet(one), 0
		for w := range other {
			if words[w] {
				shared++
			}
		}
		if share := float64(shared) / float64(len(words)+len(other)-shared); share > most {
			best, most = one, share
		}
	}
	if best == "" {
		return s.between(earlier.beside(old))
	}
	return best
}

// beside are the sentences before and after one; "" at the text's ends.
func (s sentences) beside(one string) (before, after string) {
	i := slices.Index(s.list, line(one))
	if i > 0 {
		before = s.list[i-1]
	}
	if i >= 0 && i+1 < len(s.list) {
		after = s.list[i+1]
	}
	return before, after
}

// between is the one sentence that stands between two others, of which one may be an
// end of the text; "" where there is none, or more.
func (s sentences) between(before, after string) string {
	from, to := -1, len(s.list)
	if before != "" {
		if from = slices.Index(s.list, before); from < 0 {
			return ""
		}
	}
	if after != "" {
		to = slices.Index(s.list, after)
	}
	if before+after == "" || to-from != 2 {
		return ""
	}
	return s.list[from+1]
}

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" .,;:!?«»“”\"()—–-", r) }) {
		out[w] = true
	}
	return out
}

// line is a text with one space between its words.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// sameLine reports whether two titles differ in their spaces and case at most.
func sameLine(a, b string) bool { return strings.EqualFold(line(a), line(b)) }
