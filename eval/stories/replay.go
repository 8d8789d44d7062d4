package main

import (
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"driftwatch/eval/section"
	"driftwatch/story"
)

// background is how many posts are replayed, at their own times.
const background = 1500

// stream is the replayed posts with gold among them: an article whose story is
// known has an event.
type stream struct {
	articles []*article
	misses   int
}

// replay puts together what the stream is measured on: posts that nothing was
// learned from; of some, a copy under another byline, one cut to 60 %, and one
// with other words here and there; near misses of others; translated articles,
// labelled pairs and reports of made-up events, spread over a week.
func (r reader) replay(data string) (*stream, error) {
	_, posts, err := readStream(data)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(posts, func(a, b post) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID)) })
	posts = posts[:min(len(posts), background)]
	s := &stream{}
	random := rand.New(rand.NewPCG(1, 2))
	copied, missed := 0, 0
	for i, p := range posts {
		a := r.post(p, p.Text)
		s.articles = append(s.articles, a)
		changed, n := swapped(p.Text)
		switch {
		case len(p.Text) > 500 && copied < 80 && i%3 == 0:
			copied++
			a.event = p.ID
			s.copies(r, a, posts[(i+7)%len(posts)].Text, random)
		case n > 1 && len(p.Text) > 300 && missed < 80 && i%3 == 1:
			missed++
			a.event = p.ID
			b := r.post(p, changed)
			s.put(r, b, "miss-"+p.ID, a.at.Add(5*time.Hour))
			s.misses++
		}
	}
	middle := s.articles[len(s.articles)/2].at
	spread := func(event string) time.Time {
		h := 0
		for _, c := range event {
			h = h*31 + int(c)
		}
		return middle.Add(time.Duration(h%120) * time.Hour)
	}
	_, docs, err := r.readTranslations(data, whole)
	if err != nil {
		return nil, err
	}
	_, reports := r.readEvents()
	for i, a := range slices.Concat(docs, reports) {
		s.put(r, a, a.event, spread(a.event).Add(time.Duration(i%7)*time.Hour))
	}
	_, pairs, err := r.readPairs(data)
	if err != nil {
		return nil, err
	}
	for i, p := range pairs {
		event := fmt.Sprint("pair-", i)
		s.put(r, p.a, event, spread(event))
		if !p.same {
			event += "-other"
		}
		s.put(r, p.b, event, spread(fmt.Sprint("pair-", i)).Add(9*time.Hour))
	}
	slices.SortStableFunc(s.articles, func(a, b *article) int { return a.at.Compare(b.at) })
	return s, nil
}

func (s *stream) put(r reader, a *article, event string, at time.Time) {
	a.event, a.at = event, at
	s.articles = append(s.articles, r.draw(a))
}

// copies puts three copies of an article into the stream; other is a text to
// take strange words from.
func (s *stream) copies(r reader, a *article, other string, random *rand.Rand) {
	runes := []rune(a.text)
	strange := strings.Fields(other)
	var spun []string
	for _, w := range strings.Fields(a.text) {
		switch n := random.IntN(100); {
		case n < 10 && w == strings.ToLower(w):
		case n < 25 && w == strings.ToLower(w):
			spun = append(spun, strings.ToLower(strange[random.IntN(len(strange))]))
		default:
			spun = append(spun, w)
		}
	}
	for i, body := range []string{
		"Вестник, корреспондент Анна Ким. " + a.text,
		string(runes[:len(runes)*6/10]) + "… Читать далее на сайте",
		strings.Join(spun, " "),
	} {
		s.put(r, &article{lang: "ru", text: body}, a.event, a.at.Add(time.Duration(4*i+2)*time.Hour))
	}
}

// assign gives the story of each article, in the order of the stream.
func (s *stream) assign() map[*article]int {
	x, of := story.NewIndex(), map[*article]int{}
	for _, a := range s.articles {
		of[a] = int(x.Add(a.sketch, a.at).Story)
	}
	return of
}

// shuffled is the stream with the articles of each cycle of ten minutes, or of
// each day, in another order.
func (s *stream) shuffled(cycle time.Duration) *stream {
	random := rand.New(rand.NewPCG(3, 4))
	out := &stream{articles: slices.Clone(s.articles)}
	for from := 0; from < len(out.articles); {
		to := from
		for to < len(out.articles) && out.articles[to].at.Truncate(cycle).Equal(out.articles[from].at.Truncate(cycle)) {
			to++
		}
		random.Shuffle(to-from, func(i, j int) {
			out.articles[from+i], out.articles[from+j] = out.articles[from+j], out.articles[from+i]
		})
		from = to
	}
	return out
}

// byTitle is what title Jaccard makes of the stream: the story of the first
// article of the week before whose title is like it.
func (s *stream) byTitle() map[*article]int {
	of := map[*article]int{}
	for i, a := range s.articles {
		of[a] = i
		for j := i - 1; j >= 0 && a.at.Sub(s.articles[j].at) <= story.EventWindow; j-- {
			if titleJaccard(a, s.articles[j]) {
				of[a] = of[s.articles[j]]
				break
			}
		}
	}
	return of
}

// bcubed compares stories with what is known of them (A. Bagga and B. Baldwin,
// 1998): for each article the share of its story that belongs there, and the
// share of what belongs there that is in its story.
func bcubed[T comparable](articles []*article, of map[*article]int, truth func(*article) T) (precision, recall []float64) {
	type cell struct {
		story int
		event T
	}
	both, stories, events := map[cell]int{}, map[int]int{}, map[T]int{}
	for _, a := range articles {
		both[cell{of[a], truth(a)}]++
		stories[of[a]]++
		events[truth(a)]++
	}
	for _, a := range articles {
		n := float64(both[cell{of[a], truth(a)}])
		precision = append(precision, n/float64(stories[of[a]]))
		recall = append(recall, n/float64(events[truth(a)]))
	}
	return precision, recall
}

func (r reader) reportReplay(w io.Writer, data string) error {
	s, err := r.replay(data)
	if err != nil {
		return err
	}
	var gold []*article
	for _, a := range s.articles {
		if a.event != "" {
			gold = append(gold, a)
		}
	}
	event := func(a *article) string { return a.event }
	of := s.assign()
	rows := [][]string{{fmt.Sprintf("%d articles, %d with a known story", len(s.articles), len(gold)), "B-cubed precision", "recall", "F1"}}
	for _, way := range []struct {
		name string
		of   map[*article]int
	}{{"**Driftwatch**", of}, {"title Jaccard from 0.5", s.byTitle()}} {
		p, rec := bcubed(gold, way.of, event)
		rows = append(rows, []string{way.name, section.Mean(p), section.Mean(rec), fmt.Sprintf("%.3f", harmonic(mean(p), mean(rec)))})
	}
	section.Table(w, rows...)
	joined := 0
	first := map[string]int{}
	for _, a := range s.articles {
		if _, ok := first[a.event]; !ok && a.event != "" {
			first[a.event] = of[a]
		}
	}
	for _, a := range s.articles {
		if id, miss := strings.CutPrefix(a.event, "miss-"); miss && first[id] == of[a] {
			joined++
		}
	}
	rows = [][]string{{"the same stream", ""}}
	rows = append(rows, []string{"near misses in the story of what they miss", section.Percent(joined, s.misses)})
	for _, c := range []struct {
		name  string
		cycle time.Duration
	}{{"each cycle of ten minutes in another order", 10 * time.Minute}, {"each day in another order", 24 * time.Hour}} {
		p, rec := bcubed(s.articles, s.shuffled(c.cycle).assign(), func(a *article) int { return of[a] })
		rows = append(rows, []string{c.name + ": B-cubed F1 with the first order", fmt.Sprintf("%.3f", harmonic(mean(p), mean(rec)))})
	}
	section.Table(w, rows...)
	return nil
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

func harmonic(a, b float64) float64 { return 2 * a * b / (a + b) }
