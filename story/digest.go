package story

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"driftwatch/text"
)

// Sizes of a digest.
const (
	leastItems  = 4  // with a title that says that it is one
	manyItems   = 6  // whatever the title
	itemWords   = 5  // a shorter paragraph is no item
	longItem    = 60 // words; a digest's items have fewer, on average
	looseItems  = .5 // of the items share no name or number with the one before, nor the title
	listedItems = .6 // of the items begin with a mark, a number or a time
	titleWords  = 12
)

// digestWords are what a title says of a page that joins several stories.
var digestWords = wordSet("дайджест дайджеста digest roundup briefing headlines обзор сводка шолу шолуу sharh шарҳ хроника recap")

// digestPhrases are the same in several words, folded.
var digestPhrases = []string{
	"главное за", "главные новости", "новости за", "итоги дня", "итоги недели", "что произошло", "к этому часу", "коротко о",
	"news in brief", "in brief", "this week in", "top stories", "morning edition", "weekly review", "week in review", "the week in", "the week that was", "what happened", "daily brief",
	"басты жаңалықтар", "қысқаша жаңалықтар", "күн жаңалықтары", "апта қорытынды", "башкы жаңылыктар", "күндүн жаңылыктары",
	"kun yangiliklari", "asosiy yangiliklar", "hafta yangiliklari", "кун янгиликлари", "асосий янгиликлар",
	"хабарҳои асосӣ", "хабарҳои рӯз", "esasy habarlar", "günüň habarlary", "hepdäniň habarlary",
}

// IsDigest reports whether an article joins several stories: a digest, a tag
// page, a list of headlines. It goes by its paragraphs, of which each names
// others than the one before, and by its title.
func IsDigest(r *text.Reading) bool {
	items := itemsOf(&r.Body)
	if len(items) < leastItems {
		return false
	}
	words := 0
	loose, listed := 0, 0
	title := marks(&r.Title, 0, len(r.Title.Words))
	before := title
	for i, p := range items {
		first, last := span(&r.Body, p)
		words += last - first
		own := marks(&r.Body, first, last)
		if !meets(own, before) && !meets(own, title) || i == 0 {
			loose++
		}
		before = own
		if isListed(&r.Body, p, first) {
			listed++
		}
	}
	n := float64(len(items))
	if float64(words)/n > longItem || float64(loose) < math.Ceil(looseItems*n) {
		return false
	}
	says := saysDigest(&r.Title, len(r.Title.Words)) || len(r.Title.Words) == 0 && saysDigest(&r.Body, paragraphWords(&r.Body))
	return says || len(items) >= manyItems && float64(listed) >= listedItems*n
}

// itemsOf are the paragraphs that are long enough to tell something.
func itemsOf(f *text.Field) []text.Paragraph {
	var items []text.Paragraph
	for _, p := range f.Paragraphs {
		if first, last := span(f, p); last-first >= itemWords {
			items = append(items, p)
		}
	}
	return items
}

// span gives the words [first, last) of a paragraph.
func span(f *text.Field, p text.Paragraph) (first, last int) {
	return int(f.Sentences[p.FirstSentence].FirstWord), int(f.Sentences[p.LastSentence].LastWord) + 1
}

// marks are the names and numbers among the words [first, last), those that
// begin a sentence included.
func marks(f *text.Field, first, last int) map[uint64]bool {
	set := map[uint64]bool{}
	var buf []byte
	for i := first; i < last; i++ {
		if f.Words[i].Flags&(text.Initial|text.Digit) != 0 && f.Words[i].Letters > 2 {
			buf = f.AppendFolded(buf[:0], i)
			key, _ := skeleton(buf, "")
			if f.Words[i].Flags&text.Digit != 0 {
				key = f.Words[i].Hash
			}
			set[key] = true
		}
	}
	return set
}

func meets(a, b map[uint64]bool) bool {
	for k := range a {
		if b[k] {
			return true
		}
	}
	return false
}

// isListed reports whether a paragraph begins as an item of a list does: with a
// dash, a bullet, a number or a time of day.
func isListed(f *text.Field, p text.Paragraph, first int) bool {
	if f.Words[first].Flags&text.Digit != 0 {
		return true
	}
	mark := strings.TrimSpace(f.Text[p.Start:f.Words[first].Start])
	return mark != "" && strings.IndexFunc(mark, func(r rune) bool {
		return strings.ContainsRune("-–—•·*▪◾■●►✅", r) || unicode.Is(unicode.So, r)
	}) >= 0
}

// paragraphWords is how many words the first paragraph has.
func paragraphWords(f *text.Field) int {
	_, last := span(f, f.Paragraphs[0])
	return last
}

// saysDigest reports whether the first words of a field, its title, name a
// digest.
func saysDigest(f *text.Field, words int) bool {
	if words == 0 || words > titleWords {
		return false
	}
	for i := range words {
		if digestWords[f.Words[i].Hash] {
			return true
		}
	}
	folded := " " + text.Fold(f.Quote(0, words-1)) + " "
	return slices.ContainsFunc(digestPhrases, func(p string) bool { return strings.Contains(folded, " "+p) })
}
