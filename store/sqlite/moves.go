package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// toldAt is when an article was published, as news.Article.When says it.
const toldAt = `CASE WHEN published = '' OR published > seen THEN seen ELSE published END`

// StoryMoves implements store.Desk.
func (d *DB) StoryMoves(ctx context.Context, stories []int64, since time.Time) ([]store.Move, error) {
	const some = 1000
	var out []store.Move
	for part := range slices.Chunk(stories, some) {
		all, err := d.moves(ctx, integers(part), stamp(since))
		if err != nil {
			return nil, d.read("read the hits of stories", err)
		}
		out = append(out, all...)
	}
	return out, nil
}

func (d *DB) moves(ctx context.Context, stories, since string) ([]store.Move, error) {
	lists := map[string][]string{} // few lists of countries are written again and again
	acts := map[string][]news.Act{}
	words := map[string]string{}
	one := func(s string) string {
		if known, ok := words[s]; ok {
			return known
		}
		words[s] = s
		return s
	}
	return collect(ctx, d.reader, `SELECT h.id, h.article, a.story, h.theme, h.signal, h.level, h.direction, h.background, h.found, h.status, h.countries, h.acts, a.source,
		(SELECT `+toldAt+` FROM articles WHERE id = a.id), (SELECT min(`+toldAt+`) FROM articles b WHERE b.story = a.story), `+standingColumns+`
		FROM json_each(?) w JOIN articles a ON a.story = w.value JOIN hits h ON h.article = a.id`+lastVerdict+`
		WHERE h.withdrawn = 0 AND h.found >= ? ORDER BY h.found DESC, h.id DESC`, []any{stories, since},
		func(r *sql.Rows) (m store.Move, err error) {
			var theme, signal, direction, status, countries, moves, says, by string
			var v news.Verdict
			h := &m.Hit
			err = r.Scan(&h.ID, &h.Article, &h.Story, &theme, &signal, &h.Level, &direction, &h.Background, when{&h.Found}, &status, &countries, &moves,
				&m.Outlet, when{&m.When}, when{&m.Began}, &v.Hit, &says, &by, &v.Note, when{&v.Given})
			if err != nil {
				return m, err
			}
			h.Theme, h.Signal, h.Direction, h.Status, m.Outlet = news.Theme(one(theme)), one(signal), news.Direction(one(direction)), news.Status(one(status)), one(m.Outlet)
			if _, ok := lists[countries]; !ok {
				var list []string
				err = jsonInto{&list}.Scan(countries)
				lists[countries] = list
			}
			if _, ok := acts[moves]; !ok && err == nil {
				var list []news.Act
				err = actsInto{&list}.Scan(moves)
				acts[moves] = list
			}
			h.Countries, h.Acts = lists[countries], acts[moves]
			if v.Hit != 0 {
				v.Says, v.By = news.Judgement(one(says)), one(by)
				m.Verdict = &v
			}
			return m, err
		})
}
