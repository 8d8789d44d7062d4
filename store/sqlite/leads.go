package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"

	"driftwatch/news"
)

// FillLeads implements store.Desk.
func (d *DB) FillLeads(ctx context.Context, leads []news.Lead) error {
	return d.read("read what is shown of stories", d.fillLeads(ctx, leads))
}

// lead is a story by one of its signals.
type lead struct {
	story  int64
	signal string
}

// leadHit is what is shown of a hit.
type leadHit struct {
	lang     string
	evidence *news.Evidence // the first piece
}

func (d *DB) fillLeads(ctx context.Context, leads []news.Lead) error {
	var stories []int64
	var pairs [][2]any
	asked := map[lead]bool{}
	for _, l := range leads {
		if of := (lead{l.Story, l.Signal}); !asked[of] {
			asked[of] = true
			stories, pairs = append(stories, l.Story), append(pairs, [2]any{l.Story, l.Signal})
		}
	}
	titles := map[int64]string{}
	err := each(ctx, d.reader, `SELECT s.id, s.title FROM json_each(?) w JOIN stories s ON s.id = w.value`, []any{integers(stories)},
		func(r *sql.Rows) error {
			var id int64
			var title string
			err := r.Scan(&id, &title)
			titles[id] = title
			return err
		})
	if err != nil {
		return err
	}
	best, err := d.leadHits(ctx, pairs)
	if err != nil {
		return err
	}
	shown, err := d.shownOf(ctx, best)
	if err != nil {
		return err
	}
	for i := range leads {
		l := &leads[i]
		l.Title = titles[l.Story]
		if h := best[lead{l.Story, l.Signal}]; h != nil {
			l.Lang, l.Evidence = shown[h.ID].lang, shown[h.ID].evidence
		}
	}
	return nil
}

// leadHits gives the strongest hit with evidence of each pair of a story and a signal.
func (d *DB) leadHits(ctx context.Context, pairs [][2]any) (map[lead]*news.FiledHit, error) {
	asked, err := json.Marshal(pairs)
	if err != nil {
		return nil, err
	}
	best := map[lead]*news.FiledHit{}
	err = each(ctx, d.reader, `SELECT a.story, h.signal, h.id, h.background, h.level, h.score
		FROM json_each(?) w JOIN articles a ON a.story = w.value ->> 0 JOIN hits h ON h.article = a.id AND h.signal = w.value ->> 1
		WHERE h.withdrawn = 0 AND octet_length(h.evidence) > 2`, []any{string(asked)},
		func(r *sql.Rows) error {
			var h news.FiledHit
			if err := r.Scan(&h.Story, &h.Signal, &h.ID, &h.Background, &h.Level, &h.Score); err != nil {
				return err
			}
			of := lead{h.Story, h.Signal}
			if b := best[of]; b == nil || strongestFirst(h, *b) < 0 {
				best[of] = &h
			}
			return nil
		})
	return best, err
}

// shownOf is what is shown of hits, by hit. A story may have many hits of a signal, in
// as many articles: what was found, and in which language, is read of those alone that
// are shown.
func (d *DB) shownOf(ctx context.Context, best map[lead]*news.FiledHit) (map[int64]leadHit, error) {
	ids := make([]int64, 0, len(best))
	for _, h := range best {
		ids = append(ids, h.ID)
	}
	shown := map[int64]leadHit{}
	err := each(ctx, d.reader, `SELECT h.id, a.lang, h.evidence FROM json_each(?) w JOIN hits h ON h.id = w.value JOIN articles a ON a.id = h.article`,
		[]any{integers(ids)}, func(r *sql.Rows) error {
			var id int64
			var h leadHit
			var all []news.Evidence
			if err := r.Scan(&id, &h.lang, evidenceInto{&all}); err != nil {
				return err
			}
			if len(all) > 0 {
				h.evidence = &all[0]
			}
			shown[id] = h
			return nil
		})
	return shown, err
}
