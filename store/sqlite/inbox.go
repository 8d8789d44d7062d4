package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/sync/errgroup"

	"driftwatch/news"
	"driftwatch/store"
)

// inboxIndex holds the stories with hits as the inbox filters and counts them.
// Counting each value of seven facets in SQL takes longer than a page may, so the
// few bytes that a story needs for it are kept in memory, and those of stories
// that changed, here or in another process, are read anew before each answer. Each
// story has a number of its own, its place; of each value and of each state there
// is the set of the places that have it, so that a filter is a few sets that are
// put together, and a count is one that is counted.
type inboxIndex struct {
	mu     sync.Mutex
	seq    int64 // up to which the changes were read
	places map[int64]int32
	rows   []*inboxRow  // by place; nil: nobody has it
	spare  []int32      // such places
	newest []int32      // the places, that of the row whose hit was found last first
	in     [5]numberSet // the places that stand in each of inboxStates
	ids    map[facetValue]uint16
	names  []facetValue // by id
	having []numberSet  // the places that have a value, by id

	reading *store.Reading
}

type facetValue struct {
	facet news.Facet
	value string
}

// inboxStates are where stories can stand, by the number of the set.
var inboxStates = [5]news.Waiting{news.WaitingVerdict, news.WaitingNothing, news.WaitingUnsure, news.WaitingDiffer, news.WaitingAny}

// inboxRow is a story in the index.
type inboxRow struct {
	story    int64
	found    moment // when its latest hit was
	level    int
	values   []uint16
	articles []int64
	open     bool // waits for a verdict
	shown    bool // not all of its hits are background
	unsure   bool
	differ   bool
}

// Inbox implements store.Desk.
func (d *DB) Inbox(ctx context.Context, f news.InboxFilter) (news.Inbox, error) {
	words, err := d.holding(ctx, f.Contains)
	if err != nil {
		return news.Inbox{}, d.read("search the inbox", err)
	}
	x := &d.inbox
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := d.refreshInbox(ctx); err != nil {
		return news.Inbox{}, d.read("read the inbox", err)
	}
	return x.page(f, words), nil
}

// InboxRead implements store.Desk.
func (d *DB) InboxRead(ctx context.Context) float64 { return d.inbox.reading.Part(ctx) }

// holding gives the articles that hold words, as the search finds them; nil where
// nothing is asked for. The set is not to be changed.
func (d *DB) holding(ctx context.Context, words string) (numberSet, error) {
	a := askFor(news.SearchFilter{Words: words})
	if len(a.must) == 0 {
		return nil, nil
	}
	return d.seek(ctx, a)
}

// refreshInbox reads the stories that changed.
func (d *DB) refreshInbox(ctx context.Context) error {
	x := &d.inbox
	stories, seq, err := d.storyChanges(ctx, x.seq)
	if err != nil {
		return err
	}
	if len(stories) == 0 {
		x.reading.End()
		return nil
	}
	if x.places == nil {
		x.places, x.ids = map[int64]int32{}, map[facetValue]uint16{}
	}
	fresh, err := d.readInboxRows(ctx, stories)
	if err != nil {
		return err
	}
	x.replace(stories, fresh)
	x.seq = seq
	x.reading.End()
	return nil
}

// replace puts rows in the place of those of stories.
func (x *inboxIndex) replace(stories []int64, fresh []*inboxRow) {
	before := len(x.spare)
	for _, id := range stories {
		if at, ok := x.places[id]; ok {
			x.mark(at, numberSet.drop)
			x.rows[at] = nil
			delete(x.places, id)
			x.spare = append(x.spare, at)
		}
	}
	if len(x.spare) > before {
		x.newest = slices.DeleteFunc(x.newest, func(at int32) bool { return x.rows[at] == nil })
	}
	slices.SortFunc(fresh, newestRow)
	merged, rest := make([]int32, 0, len(x.newest)+len(fresh)), x.newest
	for _, r := range fresh {
		n, _ := slices.BinarySearchFunc(rest, r, func(at int32, r *inboxRow) int { return newestRow(x.rows[at], r) })
		merged, rest = append(merged, rest[:n]...), rest[n:]
		merged = append(merged, x.add(r))
	}
	x.newest = append(merged, rest...)
}

// add gives a row a place.
func (x *inboxIndex) add(r *inboxRow) int32 {
	at := int32(len(x.rows))
	if n := len(x.spare) - 1; n >= 0 {
		at, x.spare = x.spare[n], x.spare[:n]
		x.rows[at] = r
	} else {
		x.rows = append(x.rows, r)
	}
	x.places[r.story] = at
	for i := range x.in { // so that all sets have the same length
		x.in[i].grow(int64(at))
	}
	for len(x.having) < len(x.names) {
		x.having = append(x.having, nil)
	}
	x.mark(at, func(s numberSet, n int64) { s[n/64] |= 1 << (n % 64) })
	return at
}

// mark puts a place into, or takes it from, the sets that its row belongs to.
func (x *inboxIndex) mark(at int32, do func(s numberSet, n int64)) {
	r := x.rows[at]
	for i, s := range inboxStates {
		if r.stands(s) {
			do(x.in[i], int64(at))
		}
	}
	for _, id := range r.values {
		x.having[id].grow(int64(at))
		do(x.having[id], int64(at))
	}
}

// inboxPart is how many stories are read at a time.
const inboxPart = 2000

// readInboxRows reads some stories as the index holds them, several parts of them at
// once: the first time these are all.
func (d *DB) readInboxRows(ctx context.Context, stories []int64) ([]*inboxRow, error) {
	x := &d.inbox
	x.reading.Begin(len(stories))
	var all sync.Mutex // held for x.row, too
	var out []*inboxRow
	columns := hitColumnsRead{map[string][]string{}, map[string][]news.Act{}}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.NumCPU())
	for part := range slices.Chunk(slices.Sorted(slices.Values(stories)), inboxPart) {
		g.Go(func() error {
			facts, err := d.facts(ctx, part)
			if err != nil {
				return err
			}
			all.Lock()
			defer all.Unlock()
			for story, f := range facts {
				if len(f.hits) == 0 {
					continue
				}
				r, err := x.rowOf(story, f, columns)
				if err != nil {
					return err
				}
				out = append(out, r)
			}
			x.reading.Add(len(part))
			return nil
		})
	}
	return out, g.Wait()
}

// hitColumnsRead are lists in columns that have few values, each of them read once.
type hitColumnsRead struct {
	countries map[string][]string
	acts      map[string][]news.Act
}

// into fills in the lists of a hit.
func (c hitColumnsRead) into(h *news.Hit, f *hitFacts) (err error) {
	if h.Countries, err = decoded(c.countries, f.countries, func(l *[]string) sql.Scanner { return jsonInto{l} }); err == nil {
		h.Acts, err = decoded(c.acts, f.acts, func(l *[]news.Act) sql.Scanner { return actsInto{l} })
	}
	return err
}

// decoded reads a column that has few values, each of them once.
func decoded[T any](known map[string]T, column string, into func(*T) sql.Scanner) (v T, err error) {
	v, ok := known[column]
	if !ok {
		err = into(&v).Scan(column)
		known[column] = v
	}
	return v, err
}

// rowOf makes the index's row of a story.
func (x *inboxIndex) rowOf(story int64, f *storyFacts, columns hitColumnsRead) (*inboxRow, error) {
	hits := make([]news.FiledHit, len(f.hits))
	found := noMoment
	for i := range f.hits {
		h, to := &f.hits[i], &hits[i]
		to.ID, to.Theme, to.Direction, to.Level, to.Score = h.id, news.Theme(h.theme), news.Direction(h.direction), h.level, h.score
		to.Status, to.Background = news.Status(h.status), h.background
		if err := columns.into(&to.Hit, h); err != nil {
			return nil, err
		}
		for _, s := range h.said {
			to.Verdicts = append(to.Verdicts, news.Said{Verdict: news.Verdict{Hit: h.id, Says: news.Judgement(s.says), By: s.by}})
		}
		found = max(found, h.found)
	}
	articles := make([]int64, len(f.articles))
	sources, langs := make([]string, len(f.articles)), make([]string, len(f.articles))
	for i, a := range f.articles {
		articles[i], sources[i], langs[i] = a.id, a.source, a.lang
	}
	r := x.row(story, articles, sources, langs, hits)
	r.found = found
	return r, nil
}

// strongestFirst puts those that count by themselves before background, and the
// strongest first.
func strongestFirst(a, b news.FiledHit) int {
	if a.Background != b.Background {
		if a.Background {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
}

// row makes the index's row of a story.
func (x *inboxIndex) row(story int64, articles []int64, sources, langs []string, hits []news.FiledHit) *inboxRow {
	slices.SortFunc(hits, strongestFirst)
	best := hits[0]
	r := &inboxRow{story: story, articles: articles, level: best.Level, shown: !best.Background}
	add := func(f news.Facet, value string) {
		v := facetValue{f, value}
		id, ok := x.ids[v]
		if !ok {
			id = uint16(len(x.names))
			x.ids[v], x.names = id, append(x.names, v)
		}
		if !slices.Contains(r.values, id) {
			r.values = append(r.values, id)
		}
	}
	add(news.FacetLevel, strconv.Itoa(best.Level))
	add(news.FacetStatus, string(best.Status))
	add(news.FacetDirection, string(news.DirectionOf(hits)))
	for _, a := range news.Acts(hits) {
		add(news.FacetDirection, string(a.Direction))
	}
	for _, h := range hits {
		add(news.FacetTheme, string(h.Theme))
		for _, c := range h.Countries {
			add(news.FacetCountry, c)
		}
		r.open = r.open || !h.Background && len(h.Verdicts) == 0
		unsure, differ := disagree(h.Verdicts)
		r.unsure, r.differ = r.unsure || unsure, r.differ || differ
	}
	for _, s := range sources {
		add(news.FacetOutlet, s)
	}
	for _, l := range langs {
		add(news.FacetLanguage, l)
	}
	return r
}

// disagree reports whether one of the judges' last words is unsure, and whether
// they differ.
func disagree(said []news.Said) (unsure, differ bool) {
	last := map[string]news.Judgement{}
	for _, s := range said {
		last[s.By] = s.Says
	}
	var first news.Judgement
	for _, s := range last {
		unsure = unsure || s == news.Unsure
		differ = differ || first != "" && s != first
		first = s
	}
	return unsure, differ
}

// stands reports whether a story stands where the filter wants it.
func (r *inboxRow) stands(s news.Waiting) bool {
	switch s {
	case news.WaitingNothing:
		return r.shown && !r.open
	case news.WaitingUnsure:
		return r.shown && !r.open && r.unsure
	case news.WaitingDiffer:
		return r.differ
	case news.WaitingAny:
		return true
	}
	return r.open
}

// page answers a question from the index. A story that passes all facets but one
// counts for the values of that one; values are counted where a page is asked for.
func (x *inboxIndex) page(f news.InboxFilter, words numberSet) news.Inbox {
	out := news.Inbox{Counts: map[news.Facet]map[string]int{}, States: map[news.Waiting]int{}}
	for i, s := range inboxStates {
		out.States[s] = x.in[i].count()
	}
	base := slices.Clone(x.in[max(0, slices.Index(inboxStates[:], f.State))])
	if words != nil {
		for at := range base.all() {
			if !slices.ContainsFunc(x.rows[at].articles, words.has) {
				base.drop(at)
			}
		}
	}
	asked := map[news.Facet]numberSet{}
	for _, name := range news.Facets {
		if len(f.Facets[name]) > 0 {
			asked[name] = x.wanted(name, f.Facets[name])
		}
	}
	found := passing(base, asked, "")
	out.Total = found.count()
	for _, name := range news.Facets {
		out.Counts[name] = map[string]int{}
	}
	if f.Limit > 0 {
		x.countValues(out.Counts, base, found, asked)
		out.Stories = x.cut(found, f)
	}
	return out
}

// wanted are the places that have one of the values.
func (x *inboxIndex) wanted(facet news.Facet, values []string) numberSet {
	var out numberSet
	for _, value := range values {
		if id, ok := x.ids[facetValue{facet, value}]; ok {
			out.add(x.having[id])
		}
	}
	return out
}

// passing are those of base that pass what is asked of each facet, but for one.
func passing(base numberSet, asked map[news.Facet]numberSet, without news.Facet) numberSet {
	out := slices.Clone(base)
	for name, s := range asked {
		if name != without {
			out.keep(s)
		}
	}
	return out
}

// countValues counts of each value how many of those have it that pass all other
// facets.
func (x *inboxIndex) countValues(counts map[news.Facet]map[string]int, base, found numberSet, asked map[news.Facet]numberSet) {
	sets := map[news.Facet]numberSet{}
	for name := range asked {
		sets[name] = passing(base, asked, name)
	}
	for id, v := range x.names {
		of, ok := sets[v.facet]
		if !ok {
			of = found
		}
		if n := of.shared(x.having[id]); n > 0 {
			counts[v.facet][v.value] = n
		}
	}
}

// cut are the stories of the page that is asked for. Of two of one level the newer
// one comes first.
func (x *inboxIndex) cut(found numberSet, f news.InboxFilter) []int64 {
	var out []int64
	skip := f.Skip
	if skip < 0 {
		return nil
	}
	take := func(at int32) (more bool) {
		if skip > 0 {
			skip--
			return true
		}
		out = append(out, x.rows[at].story)
		return len(out) < f.Limit
	}
	switch f.Order {
	case news.InboxOldest:
		for _, at := range slices.Backward(x.newest) {
			if found.has(int64(at)) && !take(at) {
				return out
			}
		}
	case news.InboxLevel:
		levels := map[int][]int32{}
		for _, at := range x.newest {
			if found.has(int64(at)) {
				levels[x.rows[at].level] = append(levels[x.rows[at].level], at)
			}
		}
		for _, level := range slices.Backward(slices.Sorted(maps.Keys(levels))) {
			for _, at := range levels[level] {
				if !take(at) {
					return out
				}
			}
		}
	default:
		for _, at := range x.newest {
			if found.has(int64(at)) && !take(at) {
				return out
			}
		}
	}
	return out
}

func newestRow(a, b *inboxRow) int {
	return cmp.Or(cmp.Compare(b.found, a.found), cmp.Compare(b.story, a.story))
}

// StoryChanges implements store.Desk.
func (d *DB) StoryChanges(ctx context.Context, after int64) (stories []int64, now int64, err error) {
	stories, now, err = d.storyChanges(ctx, after)
	return stories, now, d.read("look what changed", err)
}

func (d *DB) storyChanges(ctx context.Context, after int64) (stories []int64, now int64, err error) {
	if after < 0 {
		err = d.reader.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM story_changes`).Scan(&now)
		return nil, now, err
	}
	now = after
	stories, err = collect(ctx, d.reader, `SELECT seq, story FROM story_changes WHERE seq > ? ORDER BY seq`, []any{after},
		func(r *sql.Rows) (story int64, err error) { return story, r.Scan(&now, &story) })
	return stories, now, err
}

// saidOf reads the verdicts on hits of stories, by hit.
func (d *DB) saidOf(ctx context.Context, stories string) (map[int64][]news.Said, error) {
	all, err := collect(ctx, d.reader, `SELECT v.id, v.act, v.hit, v.says, v.judge, v.note, v.given
		FROM json_each(?) w JOIN articles a ON a.story = w.value JOIN hits h ON h.article = a.id JOIN verdicts v ON v.hit = h.id
		WHERE v.undone = '' ORDER BY v.id`, []any{stories},
		func(r *sql.Rows) (s news.Said, err error) {
			return s, r.Scan(append([]any{&s.ID, &s.Act}, verdictInto(&s.Verdict)...)...)
		})
	out := make(map[int64][]news.Said)
	for _, s := range all {
		out[s.Hit] = append(out[s.Hit], s)
	}
	return out, err
}

// StoryFiles implements store.Desk.
func (d *DB) StoryFiles(ctx context.Context, stories []int64) ([]news.StoryFile, error) {
	out, err := d.storyFiles(ctx, stories)
	return out, d.read("read stories", err)
}

func (d *DB) storyFiles(ctx context.Context, stories []int64) ([]news.StoryFile, error) {
	ids := integers(stories)
	said, err := d.saidOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	hits, err := collect(ctx, d.reader, `SELECT `+hitColumns+` FROM json_each(?) w JOIN articles a ON a.story = w.value
		JOIN hits h ON h.article = a.id WHERE h.withdrawn = 0`, []any{ids},
		func(r *sql.Rows) (h news.FiledHit, err error) {
			err = r.Scan(hitInto(&h.Hit)...)
			h.Verdicts = said[h.ID]
			return h, err
		})
	if err != nil {
		return nil, err
	}
	articles, err := collect(ctx, d.reader, `SELECT `+articleColumns+` FROM json_each(?) w JOIN articles a ON a.story = w.value ORDER BY a.seen, a.id`, []any{ids},
		func(r *sql.Rows) (a news.Article, err error) { return a, r.Scan(articleInto(&a)...) })
	if err != nil {
		return nil, err
	}
	files := make(map[int64]*news.StoryFile, len(stories))
	for _, a := range articles {
		f := files[a.Story]
		if f == nil {
			f = &news.StoryFile{Story: news.Story{ID: a.Story, FirstSeen: a.Seen, Published: a.When()}}
			files[a.Story] = f
		}
		f.Articles = append(f.Articles, a)
		f.Story.Articles, f.Story.LastSeen = len(f.Articles), a.Seen
		if a.When().Before(f.Story.Published) {
			f.Story.Published = a.When()
		}
		if !slices.Contains(f.Story.Sources, a.Source) {
			f.Story.Sources = append(f.Story.Sources, a.Source)
		}
	}
	for _, h := range hits {
		if f := files[h.Story]; f != nil {
			f.Hits = append(f.Hits, h)
		}
	}
	titles, err := collect(ctx, d.reader, `SELECT s.id, s.title FROM json_each(?) w JOIN stories s ON s.id = w.value`, []any{ids},
		func(r *sql.Rows) (s news.Story, err error) { return s, r.Scan(&s.ID, &s.Title) })
	if err != nil {
		return nil, err
	}
	for _, t := range titles {
		if f := files[t.ID]; f != nil {
			f.Story.Title = t.Title
		}
	}
	var out []news.StoryFile
	for _, id := range stories {
		if f := files[id]; f != nil {
			slices.SortFunc(f.Hits, strongestFirst)
			out = append(out, *f)
		}
	}
	return out, nil
}
