package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
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
	mu    sync.Mutex
	seq   int64 // up to which the changes were read
	rows  map[int64]*inboxRow
	ids   map[facetValue]uint16
	names []facetValue // by id
}

type facetValue struct {
	facet news.Facet
	value string
}

// inboxRow is a story in the index.
type inboxRow struct {
	story  int64
	found  string // the stamp of its latest hit
	level  int
	title  string // in lower case
	values []uint16
	open   bool // waits for a verdict
	shown  bool // not all of its hits are background
	unsure bool
	differ bool
}

// Inbox implements store.Desk.
func (d *DB) Inbox(ctx context.Context, f news.InboxFilter) (news.Inbox, error) {
	x := &d.inbox
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := d.refreshInbox(ctx); err != nil {
		return news.Inbox{}, d.read("read the inbox", err)
	}
	return x.page(f), nil
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
	for part := range slices.Chunk(stories, some) {
		if err := d.readInboxRows(ctx, part); err != nil {
			return err
		}
	}
	x.seq = seq
	return nil
}

// readInboxRows reads some stories into the index, in place of what it held.
func (d *DB) readInboxRows(ctx context.Context, stories []int64) error {
	x, ids := &d.inbox, integers(stories)
	hits, err := collect(ctx, d.reader, `SELECT a.story, h.id, h.theme, h.direction, h.level, h.score, h.countries, h.acts, h.status, h.background, h.found
		FROM json_each(?) w JOIN articles a ON a.story = w.value JOIN hits h ON h.article = a.id WHERE h.withdrawn = 0`, []any{ids},
		func(r *sql.Rows) (news.Hit, error) {
			var h news.Hit
			return h, r.Scan(&h.Story, &h.ID, &h.Theme, &h.Direction, &h.Level, &h.Score, jsonInto{&h.Countries}, actsInto{&h.Acts}, &h.Status, &h.Background, when{&h.Found})
		})
	if err != nil {
		return err
	}
	said, err := d.saidOf(ctx, ids)
	if err != nil {
		return err
	}
	type told struct {
		story         int64
		title         string
		sources, lang string
	}
	tales, err := collect(ctx, d.reader, `SELECT s.id, s.title, json_group_array(DISTINCT a.source), json_group_array(DISTINCT a.lang)
		FROM json_each(?) w JOIN stories s ON s.id = w.value JOIN articles a ON a.story = s.id GROUP BY s.id`, []any{ids},
		func(r *sql.Rows) (t told, err error) { return t, r.Scan(&t.story, &t.title, &t.sources, &t.lang) })
	if err != nil {
		return err
	}
	byStory := make(map[int64][]news.FiledHit, len(stories))
	for _, h := range hits {
		byStory[h.Story] = append(byStory[h.Story], news.FiledHit{Hit: h, Verdicts: said[h.ID]})
	}
	for _, id := range stories {
		delete(x.rows, id)
	}
	for _, t := range tales {
		if hits := byStory[t.story]; len(hits) > 0 {
			var sources, langs []string
			if err := json.Unmarshal([]byte(t.sources), &sources); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(t.lang), &langs); err != nil {
				return err
			}
			x.rows[t.story] = x.row(t.story, t.title, sources, langs, hits)
		}
	}
	return nil
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
func (x *inboxIndex) row(story int64, title string, sources, langs []string, hits []news.FiledHit) *inboxRow {
	slices.SortFunc(hits, strongestFirst)
	best := hits[0]
	r := &inboxRow{story: story, level: best.Level, title: strings.ToLower(title), shown: !best.Background}
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
// counts for the values of that one.
func (x *inboxIndex) page(f news.InboxFilter) news.Inbox {
	out := news.Inbox{Counts: map[news.Facet]map[string]int{}, States: map[news.Waiting]int{}}
	facets := make(map[news.Facet]int, len(news.Facets))
	for i, name := range news.Facets {
		facets[name], out.Counts[name] = i, map[string]int{}
	}
	facetOf, wanted, counts := make([]int, len(x.names)), make([]bool, len(x.names)), make([]int, len(x.names))
	asked := make([]bool, len(news.Facets))
	for id, v := range x.names {
		facetOf[id] = facets[v.facet]
		wanted[id] = slices.Contains(f.Facets[v.facet], v.value)
	}
	for name, values := range f.Facets {
		if i, ok := facets[name]; ok {
			asked[i] = len(values) > 0
		}
	}
	part := strings.ToLower(f.Contains)
	states := []news.Waiting{news.WaitingVerdict, news.WaitingNothing, news.WaitingUnsure, news.WaitingDiffer, news.WaitingAny}
	inState := make([]int, len(states))
	met := make([]bool, len(news.Facets))
	var found []*inboxRow
	for _, r := range x.rows {
		for i, s := range states {
			if r.stands(s) {
				inState[i]++
			}
		}
		if !r.stands(f.State) || part != "" && !strings.Contains(r.title, part) {
			continue
		}
		clear(met)
		for _, id := range r.values {
			if wanted[id] {
				met[facetOf[id]] = true
			}
		}
		failed, which := 0, -1
		for i := range asked {
			if asked[i] && !met[i] {
				failed, which = failed+1, i
			}
		}
		if failed > 1 {
			continue
		}
		for _, id := range r.values {
			if failed == 0 || facetOf[id] == which {
				counts[id]++
			}
		}
		if failed == 0 {
			found = append(found, r)
		}
	}
	for id, n := range counts {
		if n > 0 {
			out.Counts[x.names[id].facet][x.names[id].value] = n
		}
	}
	for i, s := range states {
		out.States[s] = inState[i]
	}
	out.Total = len(found)
	if f.Skip < 0 || f.Skip >= len(found) || f.Limit <= 0 {
		return out
	}
	slices.SortFunc(found, inboxOrders[f.Order])
	for _, r := range found[f.Skip:min(len(found), f.Skip+f.Limit)] {
		out.Stories = append(out.Stories, r.story)
	}
	return out
}

var inboxOrders = map[news.InboxOrder]func(a, b *inboxRow) int{
	"":               newestRow,
	news.InboxNewest: newestRow,
	news.InboxOldest: func(a, b *inboxRow) int { return newestRow(b, a) },
	news.InboxLevel: func(a, b *inboxRow) int {
		return cmp.Or(cmp.Compare(b.level, a.level), newestRow(a, b))
	},
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
