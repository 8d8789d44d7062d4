package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"
)

// storyFacts are what lists count of a story: its hits that stand, what was said of
// them, and its articles. To gather them from the tables they are in takes reading most
// pages of the articles and hits, so they are kept together in story_facts, too.
type storyFacts struct {
	hits     []hitFacts
	articles []articleFacts
}

// hitFacts is a hit that stands. Countries and acts are as their columns have them.
type hitFacts struct {
	id, article                      int64
	level                            int
	score                            float64
	background                       bool
	theme, signal, direction, status string
	countries, acts                  string
	found                            moment
	said                             []saidFacts // verdicts that weren't taken back, in the order given
}

type saidFacts struct {
	says, by string
	given    moment
}

type articleFacts struct {
	id           int64
	source, lang string
	told         moment // when it was published, as news.Article.When says it
}

// moment is a time in milliseconds since 1970, as exactly as times are stored.
type moment int64

// noMoment is the zero time.
const noMoment = moment(math.MinInt64)

func (m moment) time() time.Time {
	if m == noMoment {
		return time.Time{}
	}
	return time.UnixMilli(int64(m)).UTC()
}

// Scan implements sql.Scanner, of a stamp.
func (m *moment) Scan(v any) error {
	var t time.Time
	err := when{&t}.Scan(v)
	if *m = noMoment; !t.IsZero() {
		*m = moment(t.UnixMilli())
	}
	return err
}

// of gives the article of a hit.
func (f *storyFacts) of(h *hitFacts) articleFacts {
	i := slices.IndexFunc(f.articles, func(a articleFacts) bool { return a.id == h.article })
	if i < 0 {
		return articleFacts{told: noMoment} // moved while the story was read: it is read again
	}
	return f.articles[i]
}

// keptFrom is of how many stories the kept facts are looked at. Those of fewer are
// gathered: they are asked for because they changed.
const keptFrom = 500

// facts gives the facts of stories by story, those kept where nothing changed since.
// Of a story without hits there are none, or only articles.
func (d *DB) facts(ctx context.Context, stories []int64) (map[int64]*storyFacts, error) {
	out, known := make(map[int64]*storyFacts, len(stories)), spellings{}
	if len(stories) < keptFrom {
		return out, d.gatherFacts(ctx, stories, known, out)
	}
	seqs, err := d.changesOf(ctx, stories)
	if err != nil {
		return nil, err
	}
	err = d.keptParts(ctx, partsOf(stories), func(_ int64, all []keptFacts) {
		for _, k := range all {
			if seq, asked := seqs[k.story]; asked && seq == k.seq {
				if f, ok := readFacts(k.facts, known); ok {
					out[k.story] = f
				}
			}
		}
	})
	missing := slices.DeleteFunc(slices.Clone(stories), func(id int64) bool { return out[id] != nil })
	if err == nil && len(missing) > 0 {
		err = d.gatherFacts(ctx, missing, known, out)
	}
	return out, err
}

// changesOf are the numbers of the last changes of stories.
func (d *DB) changesOf(ctx context.Context, stories []int64) (map[int64]int64, error) {
	seqs := make(map[int64]int64, len(stories))
	return seqs, each(ctx, d.reader, `SELECT c.story, c.seq FROM json_each(?) w JOIN story_changes c ON c.story = w.value`, []any{integers(stories)}, func(r *sql.Rows) error {
		var story, seq int64
		err := r.Scan(&story, &seq)
		seqs[story] = seq
		return err
	})
}

// gatherFacts reads the facts of stories from where they are stored.
func (d *DB) gatherFacts(ctx context.Context, stories []int64, known spellings, out map[int64]*storyFacts) error {
	ids := integers(stories)
	of := func(story int64) *storyFacts {
		if out[story] == nil {
			out[story] = &storyFacts{}
		}
		return out[story]
	}
	said := map[int64][]saidFacts{}
	err := each(ctx, d.reader, `SELECT v.hit, v.says, v.judge, v.given
		FROM json_each(?) w JOIN articles a ON a.story = w.value JOIN hits h ON h.article = a.id JOIN verdicts v ON v.hit = h.id
		WHERE v.undone = '' ORDER BY v.id`, []any{ids}, func(r *sql.Rows) error {
		var hit int64
		var s saidFacts
		err := r.Scan(&hit, known.into(&s.says), known.into(&s.by), &s.given)
		said[hit] = append(said[hit], s)
		return err
	})
	if err != nil {
		return err
	}
	err = each(ctx, d.reader, `SELECT a.story, h.id, h.article, h.level, h.score, h.background, h.theme, h.signal, h.direction, h.status, h.countries, h.acts, h.found
		FROM json_each(?) w JOIN articles a ON a.story = w.value JOIN hits h ON h.article = a.id WHERE h.withdrawn = 0 ORDER BY h.id`, []any{ids}, func(r *sql.Rows) error {
		var story int64
		var h hitFacts
		err := r.Scan(&story, &h.id, &h.article, &h.level, &h.score, &h.background, known.into(&h.theme), known.into(&h.signal),
			known.into(&h.direction), known.into(&h.status), known.into(&h.countries), known.into(&h.acts), &h.found)
		h.said = said[h.id]
		f := of(story)
		f.hits = append(f.hits, h)
		return err
	})
	if err != nil {
		return err
	}
	return each(ctx, d.reader, `SELECT a.story, a.id, a.source, a.lang, `+toldAt+` FROM json_each(?) w JOIN articles a ON a.story = w.value`, []any{ids}, func(r *sql.Rows) error {
		var story int64
		var a articleFacts
		err := r.Scan(&story, &a.id, known.into(&a.source), known.into(&a.lang), &a.told)
		f := of(story)
		f.articles = append(f.articles, a)
		return err
	})
}

// bytes are the facts as they are kept.
func (f *storyFacts) bytes() []byte {
	if f == nil {
		return nil
	}
	var b []byte
	number := func(n int64) { b = binary.AppendVarint(b, n) }
	text := func(all ...string) {
		for _, s := range all {
			number(int64(len(s)))
			b = append(b, s...)
		}
	}
	number(int64(len(f.articles)))
	for _, a := range f.articles {
		number(a.id)
		text(a.source, a.lang)
		number(int64(a.told))
	}
	number(int64(len(f.hits)))
	for _, h := range f.hits {
		number(h.id)
		number(h.article)
		number(int64(h.level))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(h.score))
		background := int64(0)
		if h.background {
			background = 1
		}
		number(background)
		text(h.theme, h.signal, h.direction, h.status, h.countries, h.acts)
		number(int64(h.found))
		number(int64(len(h.said)))
		for _, s := range h.said {
			text(s.says, s.by)
			number(int64(s.given))
		}
	}
	return b
}

// readFacts reads kept facts; false where they aren't whole.
func readFacts(kept []byte, known spellings) (*storyFacts, bool) {
	if len(kept) == 0 {
		return &storyFacts{}, true
	}
	r := factsReader{left: kept, known: known}
	f := &storyFacts{articles: make([]articleFacts, r.count())}
	for i := range f.articles {
		f.articles[i] = articleFacts{id: r.number(), source: r.text(), lang: r.text(), told: moment(r.number())}
	}
	f.hits = make([]hitFacts, r.count())
	for i := range f.hits {
		f.hits[i] = hitFacts{id: r.number(), article: r.number(), level: int(r.number()), score: r.fraction(), background: r.number() != 0,
			theme: r.text(), signal: r.text(), direction: r.text(), status: r.text(), countries: r.text(), acts: r.text(), found: moment(r.number())}
		if n := r.count(); n > 0 {
			f.hits[i].said = make([]saidFacts, n)
		}
		for j := range f.hits[i].said {
			f.hits[i].said[j] = saidFacts{says: r.text(), by: r.text(), given: moment(r.number())}
		}
	}
	return f, !r.short && len(r.left) == 0
}

// factsReader reads what is left of kept facts. Behind their end there are zeros.
type factsReader struct {
	left  []byte
	known spellings
	short bool
}

func (r *factsReader) number() int64 {
	n, size := binary.Varint(r.left)
	if size <= 0 {
		r.left, r.short = nil, true
		return 0
	}
	r.left = r.left[size:]
	return n
}

// count is how many there are of something that takes a byte at least.
func (r *factsReader) count() int {
	n := r.number()
	if n < 0 || n > int64(len(r.left)) {
		r.left, r.short = nil, true
		return 0
	}
	return int(n)
}

func (r *factsReader) fraction() float64 {
	if len(r.left) < 8 {
		r.left, r.short = nil, true
		return 0
	}
	n := binary.LittleEndian.Uint64(r.left)
	r.left = r.left[8:]
	return math.Float64frombits(n)
}

func (r *factsReader) text() string {
	n := r.count()
	s := r.known.of(r.left[:n])
	r.left = r.left[n:]
	return s
}

// spellings are strings of which there are few, each of them once.
type spellings map[string]string

func (s spellings) of(b []byte) string {
	if known, ok := s[string(b)]; ok {
		return known
	}
	one := string(b)
	s[one] = one
	return one
}

// into reads a column of such strings.
func (s spellings) into(to *string) sql.Scanner { return spelling{s, to} }

type spelling struct {
	known spellings
	to    *string
}

// Scan implements sql.Scanner.
func (s spelling) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a word is stored as %T", v)
	}
	*s.to = s.known.of([]byte(text))
	return nil
}
