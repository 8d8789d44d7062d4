package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"

	"driftwatch/news"
)

// inboxIndex holds the stories with hits as the inbox filters and counts them.
// Counting each value of seven facets in SQL takes longer than a page may, so the
// few bytes that a story needs for it are kept in memory, and those of stories
// that changed, here or in another process, are read anew before each answer.
type inboxIndex struct {
	mu     sync.Mutex
	seq    int64 // up to which the changes were read
	rows   map[int64]*inboxRow
	newest []*inboxRow // all of them, the one whose hit was found last first
	states [5]int      // how many stand in each of inboxStates
	ids    map[facetValue]uint16
	names  []facetValue // by id
}

type facetValue struct {
	facet news.Facet
	value string
}

// inboxStates are where stories can stand, by the bits of inboxRow.in.
var inboxStates = [5]news.Waiting{news.WaitingVerdict, news.WaitingNothing, news.WaitingUnsure, news.WaitingDiffer, news.WaitingAny}

// inboxRow is a story in the index.
type inboxRow struct {
	story    int64
	found    string // the stamp of its latest hit
	level    int
	values   []uint16
	articles []int64
	open     bool // waits for a verdict
	shown    bool // not all of its hits are background
	unsure   bool
	differ   bool
	in       uint8 // the states it stands in
	gone     bool  // another row has taken its place
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

// articleSet is a set of articles, a bit for each; nil holds all.
type articleSet []uint64

func (s articleSet) has(id int64) bool {
	return s == nil || id/64 < int64(len(s)) && s[id/64]>>(id%64)&1 != 0
}

// holding gives the articles that hold words, as the search finds them; all where
// nothing is asked for.
func (d *DB) holding(ctx context.Context, words string) (articleSet, error) {
	a := askFor(news.SearchFilter{Words: words})
	if len(a.must) == 0 {
		return nil, nil
	}
	var all string
	err := d.reader.QueryRowContext(ctx, `SELECT coalesce(group_concat(rowid, ' '), '') FROM found WHERE found MATCH ?`, a.match()).Scan(&all)
	if err != nil {
		return nil, err
	}
	set := articleSet{}
	id := int64(0)
	for i := 0; i <= len(all); i++ {
		if i < len(all) && all[i] != ' ' {
			id = 10*id + int64(all[i]-'0')
			continue
		}
		if int(id/64) >= len(set) {
			set = append(set, make(articleSet, int(id/64)+1-len(set)+len(set)/4)...)
		}
		set[id/64] |= 1 << (id % 64)
		id = 0
	}
	return set, nil
}

// refreshInbox reads the stories that changed.
func (d *DB) refreshInbox(ctx context.Context) error {
	x := &d.inbox
	stories, seq, err := d.storyChanges(ctx, x.seq)
	if err != nil || len(stories) == 0 {
		return err
	}
	if x.rows == nil {
		x.rows, x.ids = map[int64]*inboxRow{}, map[facetValue]uint16{}
	}
	const some = 2000
	var fresh []*inboxRow
	for part := range slices.Chunk(stories, some) {
		read, err := d.readInboxRows(ctx, part)
		if err != nil {
			return err
		}
		fresh = append(fresh, read...)
	}
	x.replace(stories, fresh)
	x.seq = seq
	return nil
}

// replace puts rows in the place of those of stories.
func (x *inboxIndex) replace(stories []int64, fresh []*inboxRow) {
	for _, id := range stories {
		if old := x.rows[id]; old != nil {
			old.gone = true
			x.count(old, -1)
			delete(x.rows, id)
		}
	}
	for _, r := range fresh {
		x.rows[r.story] = r
		x.count(r, 1)
	}
	slices.SortFunc(fresh, newestRow)
	merged := make([]*inboxRow, 0, len(x.rows))
	for _, r := range x.newest {
		if r.gone {
			continue
		}
		for len(fresh) > 0 && newestRow(fresh[0], r) < 0 {
			merged, fresh = append(merged, fresh[0]), fresh[1:]
		}
		merged = append(merged, r)
	}
	x.newest = append(merged, fresh...)
}

// count adds a row to, or takes it from, the counts of the states.
func (x *inboxIndex) count(r *inboxRow, n int) {
	for i := range inboxStates {
		if r.in>>i&1 != 0 {
			x.states[i] += n
		}
	}
}

// readInboxRows reads some stories as the index holds them.
func (d *DB) readInboxRows(ctx context.Context, stories []int64) ([]*inboxRow, error) {
	x, ids := &d.inbox, integers(stories)
	hits, err := collect(ctx, d.reader, `SELECT a.story, h.id, h.theme, h.direction, h.level, h.score, h.countries, h.acts, h.status, h.background, h.found
		FROM json_each(?) w JOIN articles a ON a.story = w.value JOIN hits h ON h.article = a.id WHERE h.withdrawn = 0`, []any{ids},
		func(r *sql.Rows) (news.Hit, error) {
			var h news.Hit
			return h, r.Scan(&h.Story, &h.ID, &h.Theme, &h.Direction, &h.Level, &h.Score, jsonInto{&h.Countries}, actsInto{&h.Acts}, &h.Status, &h.Background, when{&h.Found})
		})
	if err != nil {
		return nil, err
	}
	said, err := d.saidOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	type told struct {
		story          int64
		articles       string
		sources, langs string
	}
	tales, err := collect(ctx, d.reader, `SELECT a.story, json_group_array(a.id), json_group_array(DISTINCT a.source), json_group_array(DISTINCT a.lang)
		FROM json_each(?) w JOIN articles a ON a.story = w.value GROUP BY a.story`, []any{ids},
		func(r *sql.Rows) (t told, err error) { return t, r.Scan(&t.story, &t.articles, &t.sources, &t.langs) })
	if err != nil {
		return nil, err
	}
	byStory := make(map[int64][]news.FiledHit, len(stories))
	for _, h := range hits {
		byStory[h.Story] = append(byStory[h.Story], news.FiledHit{Hit: h, Verdicts: said[h.ID]})
	}
	var out []*inboxRow
	for _, t := range tales {
		hits := byStory[t.story]
		if len(hits) == 0 {
			continue
		}
		var articles []int64
		var sources, langs []string
		for list, into := range map[string]any{t.articles: &articles, t.sources: &sources, t.langs: &langs} {
			if err := json.Unmarshal([]byte(list), into); err != nil {
				return nil, err
			}
		}
		out = append(out, x.row(t.story, articles, sources, langs, hits))
	}
	return out, nil
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
		r.found = max(r.found, stamp(h.Found))
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
	for i, s := range inboxStates {
		if r.stands(s) {
			r.in |= 1 << i
		}
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

// inboxAsk is a filter as the rows are compared with it.
type inboxAsk struct {
	in      uint8 // the bit of the state
	facetOf []uint8
	wanted  []bool // by the ids of values
	asked   uint8  // a bit for each facet
}

func (x *inboxIndex) ask(f news.InboxFilter) *inboxAsk {
	a := &inboxAsk{facetOf: make([]uint8, len(x.names)), wanted: make([]bool, len(x.names))}
	a.in = 1 << max(0, slices.Index(inboxStates[:], f.State))
	for id, v := range x.names {
		i := slices.Index(news.Facets, v.facet)
		a.facetOf[id], a.wanted[id] = uint8(i), slices.Contains(f.Facets[v.facet], v.value)
	}
	for i, name := range news.Facets {
		if len(f.Facets[name]) > 0 {
			a.asked |= 1 << i
		}
	}
	return a
}

// failed says which facets a row doesn't pass: none (-1), one, or several (-2).
func (a *inboxAsk) failed(r *inboxRow) int {
	missing := a.asked
	if missing == 0 {
		return -1
	}
	for _, id := range r.values {
		if a.wanted[id] {
			missing &^= 1 << a.facetOf[id]
		}
	}
	switch bits.OnesCount8(missing) {
	case 0:
		return -1
	case 1:
		return bits.TrailingZeros8(missing)
	}
	return -2
}

// page answers a question from the index. A story that passes all facets but one
// counts for the values of that one; values are counted where a page is asked for.
func (x *inboxIndex) page(f news.InboxFilter, words articleSet) news.Inbox {
	out := news.Inbox{Counts: map[news.Facet]map[string]int{}, States: map[news.Waiting]int{}}
	a, counts := x.ask(f), make([]int, len(x.names))
	var found []*inboxRow
	for _, r := range x.newest {
		if r.in&a.in == 0 || words != nil && !slices.ContainsFunc(r.articles, words.has) {
			continue
		}
		which := a.failed(r)
		if which == -1 {
			if out.Total++; f.Limit > 0 {
				found = append(found, r)
			}
		}
		if which == -2 || f.Limit <= 0 {
			continue
		}
		for _, id := range r.values {
			if which == -1 || int(a.facetOf[id]) == which {
				counts[id]++
			}
		}
	}
	for _, name := range news.Facets {
		out.Counts[name] = map[string]int{}
	}
	for id, n := range counts {
		if n > 0 {
			out.Counts[x.names[id].facet][x.names[id].value] = n
		}
	}
	for i, s := range inboxStates {
		out.States[s] = x.states[i]
	}
	if f.Skip < 0 || f.Skip >= len(found) {
		return out
	}
	switch f.Order { // of two of one level the newer one stays first
	case news.InboxOldest:
		slices.Reverse(found)
	case news.InboxLevel:
		slices.SortStableFunc(found, func(a, b *inboxRow) int { return cmp.Compare(b.level, a.level) })
	}
	for _, r := range found[f.Skip:min(len(found), f.Skip+f.Limit)] {
		out.Stories = append(out.Stories, r.story)
	}
	return out
}

func newestRow(a, b *inboxRow) int {
	return cmp.Or(strings.Compare(b.found, a.found), cmp.Compare(b.story, a.story))
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
