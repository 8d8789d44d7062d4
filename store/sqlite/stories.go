package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// standing is the number of the story that one is part of now; no row where
// there is no such story.
const standing = `SELECT iif(merged = 0, id, merged) FROM stories WHERE id = ?`

// amongStories keeps rows of some stories, or of those that they are part of; an
// empty list keeps all.
func (c *conditions) amongStories(column string, ids []int64) {
	if len(ids) > 0 {
		c.add(column+` IN (SELECT iif(t.merged = 0, t.id, t.merged) FROM stories t JOIN json_each(?) j ON t.id = j.value)`, integers(ids))
	}
}

// storyColumns are those of a story s with its articles a, for storyInto.
const storyColumns = `s.id, s.title, min(a.seen), max(a.seen),
	min(CASE WHEN a.published = '' OR a.published > a.seen THEN a.seen ELSE a.published END),
	count(a.id), json_group_array(DISTINCT a.source), json_group_array(DISTINCT a.lang),
	(SELECT json_group_array(DISTINCT c.value) FROM articles b JOIN hits h ON h.article = b.id JOIN json_each(h.countries) c
	 WHERE b.story = s.id AND h.withdrawn = 0 AND h.background = 0)`

func scanStory(r interface{ Scan(...any) error }) (s news.Story, err error) {
	err = r.Scan(&s.ID, &s.Title, when{&s.FirstSeen}, when{&s.LastSeen}, when{&s.Published}, &s.Articles,
		jsonInto{&s.Sources}, jsonInto{&s.Languages}, jsonInto{&s.Countries})
	slices.Sort(s.Sources)
	slices.Sort(s.Languages)
	slices.Sort(s.Countries)
	return s, err
}

// Story implements store.Review.
func (d *DB) Story(ctx context.Context, id int64) (news.Story, error) {
	s, err := d.story(ctx, id)
	return s, d.read(fmt.Sprintf("read story %d", id), err)
}

func (d *DB) story(ctx context.Context, id int64) (news.Story, error) {
	s, err := scanStory(d.reader.QueryRowContext(ctx, `SELECT `+storyColumns+`
		FROM stories s JOIN articles a ON a.story = s.id WHERE s.id = (`+standing+`) GROUP BY s.id`, id))
	return s, missing(err)
}

// Stories implements store.Review.
func (d *DB) Stories(ctx context.Context, f store.StoryFilter) ([]news.Story, error) {
	query := `SELECT ` + storyColumns + ` FROM stories s JOIN articles a ON a.story = s.id`
	var args []any
	var c conditions
	if !f.Since.IsZero() {
		c.add(`s.id IN (SELECT story FROM articles WHERE seen >= ?)`, stamp(f.Since))
	}
	if f.Flagged {
		c.add(`EXISTS (SELECT 1 FROM articles b JOIN hits h ON h.article = b.id WHERE b.story = s.id AND h.withdrawn = 0 AND h.background = 0)`)
	}
	end, args := c.grouped(`s.id`, f.Articles, `max(a.seen) DESC, s.id DESC`, f.Limit)
	out, err := collect(ctx, d.reader, query+end, args, func(r *sql.Rows) (news.Story, error) { return scanStory(r) })
	return out, d.read("list stories", err)
}

// StoryActs implements store.Review.
func (d *DB) StoryActs(ctx context.Context, story int64) ([]news.StoryAct, error) {
	out, err := collect(ctx, d.reader, `WITH part(id) AS (SELECT id FROM stories WHERE id = (`+standing+`) OR merged = (`+standing+`) AND merged <> 0)
		SELECT id, kind, story, other, articles, actor, why, at FROM story_acts
		WHERE story IN (SELECT id FROM part) OR other IN (SELECT id FROM part) ORDER BY id`, []any{story, story},
		func(r *sql.Rows) (a news.StoryAct, err error) {
			return a, r.Scan(&a.ID, &a.Kind, &a.Story, &a.Other, jsonInto{&a.Articles}, &a.By, &a.Why, when{&a.At})
		})
	return out, d.read(fmt.Sprintf("read what was done to story %d", story), err)
}

// stands gives the number of the story that one is part of now.
func (x *tx) stands(story int64) (int64, error) {
	err := x.row(standing, story).Scan(&story)
	return story, missing(err)
}

// MergeStories implements store.Tx.
func (x *tx) MergeStories(into, other int64, act news.StoryAct) error {
	doing := fmt.Sprintf("merge story %d into story %d", other, into)
	into, err := x.stands(into)
	if err == nil {
		other, err = x.stands(other)
	}
	if err != nil || into == other {
		return x.failed(doing, err)
	}
	if act.By == news.Program {
		var apart bool
		err := x.row(`SELECT EXISTS (SELECT 1 FROM stories_apart WHERE a = min(?1, ?2) AND b = max(?1, ?2))`, into, other).Scan(&apart)
		if err == nil && apart {
			err = store.ErrApart
		}
		if err != nil {
			return x.failed(doing, err)
		}
	}
	moved, err := x.articlesOf(other)
	if err == nil {
		err = x.mergeDeliveries(into, other)
	}
	if err == nil {
		err = x.all(into, other, act.By != news.Program, mergeSteps)
	}
	if err == nil {
		err = x.rename(into)
	}
	if err == nil {
		act.Kind, act.Story, act.Other, act.Articles = news.StoriesMerged, into, other, moved
		err = x.putAct(act)
	}
	return x.failed(doing, err)
}

// mergeSteps make story ?2 a part of story ?1; ?3 says that a person did. What
// was the first article of the one joins the first of the other.
var mergeSteps = []string{
	`UPDATE articles SET joined = f.id, score = 0, relation = iif(articles.lang = f.lang, 'same-event', 'translation')
	 FROM (SELECT id, lang FROM articles WHERE story = ?1 ORDER BY relation <> 'first', seen, id LIMIT 1) f
	 WHERE articles.story = ?2 AND articles.relation = 'first'`,
	`UPDATE articles SET story = ?1 WHERE story = ?2`,
	`UPDATE articles SET pinned = 1 WHERE story = ?1 AND ?3 AND ?2 > 0`,
	`INSERT OR IGNORE INTO stories_apart (a, b) SELECT min(?1, iif(a = ?2, b, a)), max(?1, iif(a = ?2, b, a))
	 FROM stories_apart WHERE (a = ?2 OR b = ?2) AND iif(a = ?2, b, a) <> ?1`,
	`DELETE FROM stories_apart WHERE a = ?2 OR b = ?2`,
	`UPDATE stories SET merged = ?1 WHERE id = ?2 OR merged = ?2 AND merged <> 0`,
}

// all runs statements with two stories, ?1 and ?2, and, where they ask for it,
// whether a person is behind it, ?3.
func (x *tx) all(a, b int64, person bool, statements []string) error {
	for _, s := range statements {
		args := []any{a, b}
		if strings.Contains(s, "?3") {
			args = append(args, person)
		}
		if _, err := x.exec(s, args...); err != nil {
			return err
		}
	}
	return nil
}

// mergeDeliveries moves the deliveries of a story to another one. What was told
// of either is told; what waits of one to a route that was told of the other, or
// will be, is owed no more.
func (x *tx) mergeDeliveries(into, other int64) error {
	const told = `(SELECT 1 FROM deliveries t WHERE t.story = %s AND t.route = d.route AND t.channel = d.channel AND t.state IN ('sent', 'leased', 'folded'))`
	const owed = `(SELECT 1 FROM deliveries t WHERE t.story = ?1 AND t.route = d.route AND t.channel = d.channel AND t.state = 'pending')`
	ofInto, ofOther := fmt.Sprintf(told, "?1"), fmt.Sprintf(told, "?2")
	return x.all(into, other, false, []string{
		`DELETE FROM deliveries AS d WHERE story = ?1 AND state = 'pending' AND NOT EXISTS ` + ofInto + ` AND EXISTS ` + ofOther,
		`DELETE FROM deliveries AS d WHERE story = ?2 AND state = 'pending' AND NOT EXISTS ` + ofOther + ` AND (EXISTS ` + ofInto + ` OR EXISTS ` + owed + `)`,
		`UPDATE deliveries AS d SET story = ?1, version = version + coalesce((SELECT max(version) FROM deliveries t
		 WHERE t.story = ?1 AND t.route = d.route AND t.channel = d.channel), 0) WHERE story = ?2`,
		`INSERT OR IGNORE INTO digest_told (digest, story, at, told) SELECT digest, ?1, at, told FROM digest_told WHERE story = ?2`,
		`DELETE FROM digest_told WHERE story = ?2 AND ?1 > 0`,
	})
}

// rename gives a story the title of its article that was seen first, of those
// that have one.
func (x *tx) rename(story int64) error {
	_, err := x.exec(`UPDATE stories SET title = coalesce((SELECT title FROM articles WHERE story = stories.id
		ORDER BY title = '', seen, id LIMIT 1), title) WHERE id = ?`, story)
	return err
}

func (x *tx) articlesOf(story int64) ([]int64, error) {
	return ints(x, `SELECT id FROM articles WHERE story = ? ORDER BY id`, story)
}

func (x *tx) putAct(a news.StoryAct) error {
	_, err := x.exec(`INSERT INTO story_acts (kind, story, other, articles, actor, why, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		string(a.Kind), a.Story, a.Other, integers(a.Articles), a.By, a.Why, stamp(a.At))
	return err
}

// SplitStory implements store.Tx.
func (x *tx) SplitStory(story int64, articles []int64, act news.StoryAct) (int64, error) {
	id, err := x.splitStory(story, articles, act)
	return id, x.failed(fmt.Sprintf("split story %d", story), err)
}

func (x *tx) splitStory(story int64, articles []int64, act news.StoryAct) (int64, error) {
	story, err := x.stands(story)
	if err != nil {
		return 0, err
	}
	all, err := x.articlesOf(story)
	if err != nil {
		return 0, err
	}
	articles = slices.Compact(slices.Sorted(slices.Values(articles)))
	for _, a := range articles {
		if !slices.Contains(all, a) {
			return 0, fmt.Errorf("article %d of story %d: %w", a, story, store.ErrNotFound)
		}
	}
	switch len(articles) {
	case 0:
		return 0, fmt.Errorf("no article: %w", store.ErrNotFound)
	case len(all):
		return 0, store.ErrWhole
	}
	id, err := x.insert(`INSERT INTO stories (title, created) VALUES ('', ?)`, stamp(act.At))
	if err != nil {
		return 0, err
	}
	person := act.By != news.Program
	if _, err = x.exec(`UPDATE articles SET story = ?, pinned = pinned OR ? WHERE id IN (SELECT value FROM json_each(?))`, id, person, integers(articles)); err != nil {
		return 0, err
	}
	if err = x.all(story, id, person, splitSteps); err != nil {
		return 0, err
	}
	if err = x.rename(story); err == nil {
		err = x.rename(id)
	}
	if err == nil {
		err = x.splitDeliveries(story, id)
	}
	if err == nil {
		act.Kind, act.Story, act.Other, act.Articles = news.StorySplit, story, id, articles
		err = x.putAct(act)
	}
	return id, err
}

// splitSteps tidy up once articles of story ?1 have become story ?2: in each of
// the two, one article is the first, and those that had joined one that is in
// the other have joined this one.
var splitSteps = []string{
	`UPDATE articles SET relation = 'first', joined = 0, score = 0 WHERE relation <> 'digest' AND id IN
	 (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY story ORDER BY relation <> 'first', seen, id) AS n
	  FROM articles WHERE story IN (?1, ?2)) WHERE n = 1)`,
	`UPDATE articles SET score = 0, joined = coalesce((SELECT f.id FROM articles f WHERE f.story = articles.story AND f.relation = 'first'), 0)
	 WHERE story IN (?1, ?2) AND joined <> 0 AND NOT EXISTS (SELECT 1 FROM articles t WHERE t.id = articles.joined AND t.story = articles.story)`,
	`INSERT OR IGNORE INTO stories_apart (a, b) SELECT ?1, ?2 WHERE ?3`,
}

// splitDeliveries sees to it that what was told stays told of both parts: the
// first message that each route was sent is put down for the new story too,
// without its receipt: the message itself goes on telling of the old one. A
// part that was seen only after the last message is owed; what was set aside
// stays so. Where one of the two has no hit, the deliveries are the other's.
func (x *tx) splitDeliveries(story, part int64) error {
	const flagged = `SELECT EXISTS (SELECT 1 FROM hits h JOIN articles a ON a.id = h.article WHERE a.story = ?)`
	var left, gone bool
	err := cmp.Or(x.row(flagged, story).Scan(&left), x.row(flagged, part).Scan(&gone))
	switch {
	case err != nil || !gone:
		return err
	case !left:
		_, err = x.exec(`UPDATE deliveries SET story = ? WHERE story = ?`, part, story)
		return err
	}
	return x.all(story, part, false, []string{
		`INSERT INTO deliveries (kind, route, channel, story, version, key, state, next_at, created, sent, problem, told, silence, folded_into)
		 SELECT kind, route, channel, ?2, 1, key || '-' || ?2, CASE WHEN heard THEN 'sent' WHEN state IN ('silenced', 'folded', 'cancelled') THEN state ELSE 'pending' END,
		 next_at, created, iif(heard, sent, ''), '', iif(heard, told, ''), silence, folded_into
		 FROM (SELECT d.*, d.state = 'sent' AND EXISTS (SELECT 1 FROM deliveries t JOIN articles a ON a.story = ?2 JOIN hits h ON h.article = a.id
		  WHERE t.story = ?1 AND t.route = d.route AND t.channel = d.channel AND t.state = 'sent' AND a.seen <= t.sent) AS heard
		  FROM deliveries d WHERE d.story = ?1 AND d.state <> 'failed' AND d.version = (SELECT min(version) FROM deliveries t
		  WHERE t.story = ?1 AND t.route = d.route AND t.channel = d.channel AND t.state <> 'failed'))`,
		`INSERT OR IGNORE INTO digest_told (digest, story, at, told) SELECT digest, ?2, at, told FROM digest_told WHERE story = ?1`,
	})
}

// PutJoin implements store.Tx.
func (x *tx) PutJoin(article int64, j news.Join) error {
	n, err := x.exec(`UPDATE articles SET relation = ?, joined = ?, score = ? WHERE id = ?`, string(j.Relation), j.To, j.Score, article)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	return x.failed(fmt.Sprintf("say what article %d joined", article), err)
}

// ForgetPrints implements store.Tx.
func (x *tx) ForgetPrints(events, texts time.Time, n int) error {
	err := x.forgetKeys("event_keys", events, n)
	if err == nil {
		err = x.forgetKeys("story_keys", texts, n)
	}
	if err == nil {
		var last int64
		if last, err = x.lastBefore(texts); err == nil {
			_, err = x.exec(`DELETE FROM late_keys WHERE revision <= ?`, last)
			x.late.known, x.sure = false, false
		}
		if err == nil {
			_, err = x.exec(`DELETE FROM sketches WHERE revision IN (SELECT revision FROM sketches WHERE revision <= ? ORDER BY revision LIMIT ?)`, last, n)
		}
	}
	return x.failed("forget the prints of old articles", err)
}

// lastBefore is the first revision of the last article that was seen before a
// time, 0: there is none. Revisions are numbered in the order of sighting.
func (x *tx) lastBefore(t time.Time) (revision int64, err error) {
	err = x.row(`SELECT r.id FROM articles a JOIN revisions r ON r.article = a.id AND r.revision = 1
		WHERE a.seen < ? ORDER BY a.seen DESC, a.id DESC LIMIT 1`, stamp(t)).Scan(&revision)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return revision, err
}

// forgetKeys drops the keys of a table that are of revisions from before a time,
// among the next n in the order of keys, and remembers where it was.
func (x *tx) forgetKeys(table string, before time.Time, n int) error {
	last, err := x.lastBefore(before)
	if err != nil || last == 0 {
		return err
	}
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	place := table + ".forgotten"
	err = x.row(`SELECT value FROM meta WHERE name = ?`, place).Scan(&from)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	err = x.row(`SELECT key FROM `+table+` WHERE key >= ? ORDER BY key LIMIT 1 OFFSET ?`, from, n).Scan(&to)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if _, err := x.exec(`DELETE FROM `+table+` WHERE key BETWEEN ? AND ? AND revision <= ?`, from, to, last); err != nil {
		return err
	}
	if to == math.MaxInt64 { // the end; the next call begins anew
		to = math.MinInt64
	}
	return x.SetMeta(place, strconv.FormatInt(to, 10))
}
