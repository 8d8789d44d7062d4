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

// leadHit is a hit that may be shown for a lead.
type leadHit struct {
	news.FiledHit
	lang string
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
	evidence, err := d.evidenceOf(ctx, best)
	if err != nil {
		return err
	}
	for i := range leads {
		l := &leads[i]
		l.Title = titles[l.Story]
		if h := best[lead{l.Story, l.Signal}]; h != nil {
			l.Lang, l.Evidence = h.lang, evidence[h.ID]
		}
	}
	return nil
}

// leadHits gives the strongest hit with evidence of each pair of a story and a signal.
func (d *DB) leadHits(ctx context.Context, pairs [][2]any) (map[lead]*leadHit, error) {
	asked, err := json.Marshal(pairs)
	if err != nil {
		return nil, err
	}
	best := map[lead]*leadHit{}
	err = each(ctx, d.reader, `SELECT a.story, h.signal, h.id, h.background, h.level, h.score, a.lang
		FROM json_each(?) w JOIN articles a ON a.story = w.value ->> 0 JOIN hits h ON h.article = a.id AND h.signal = w.value ->> 1
		WHERE h.withdrawn = 0 AND octet_length(h.evidence) > 2`, []any{string(asked)},
		func(r *sql.Rows) error {
			var h leadHit
			if err := r.Scan(&h.Story, &h.Signal, &h.ID, &h.Background, &h.Level, &h.Score, &h.lang); err != nil {
				return err
			}
			of := lead{h.Story, h.Signal}
			if b := best[of]; b == nil || strongestFirst(h.FiledHit, b.FiledHit) < 0 {
				best[of] = &h
			}
			return nil
		})
	return best, err
}

// evidenceOf is the first piece of evidence of hits, by hit. A story may have many hits
// of a signal: what was found is read of those alone that are shown.
func (d *DB) evidenceOf(ctx context.Context, best map[lead]*leadHit) (map[int64]*news.Evidence, error) {
	ids := make([]int64, 0, len(best))
	for _, h := range best {
		ids = append(ids, h.ID)
	}
	first := map[int64]*news.Evidence{}
	err := each(ctx, d.reader, `SELECT id, evidence FROM hits WHERE id IN (SELECT value FROM json_each(?))`, []any{integers(ids)},
		func(r *sql.Rows) error {
			var id int64
			var all []news.Evidence
			if err := r.Scan(&id, evidenceInto{&all}); err != nil {
				return err
			}
			if len(all) > 0 {
				first[id] = &all[0]
			}
			return nil
		})
	return first, err
}
