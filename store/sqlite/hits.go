package sqlite

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// identity is what makes two hits of an article the same one.
type identity struct {
	signal    string
	direction news.Direction
}

// earlier is what a hit keeps when a new revision is read.
type earlier struct {
	id    int64
	found time.Time
	quiet string
	wrong bool // withdrawn already
}

// PutHits implements store.Tx.
func (x *tx) PutHits(article int64, revision int, hits []news.Hit) ([]store.PutHit, error) {
	out, err := x.putHits(article, revision, hits)
	return out, x.failed(fmt.Sprintf("record the hits of article %d", article), err)
}

func (x *tx) putHits(article int64, revision int, hits []news.Hit) ([]store.PutHit, error) {
	var story int64
	err := x.row(`SELECT a.story FROM articles a JOIN revisions r ON r.article = a.id WHERE a.id = ? AND r.revision = ?`, article, revision).Scan(&story)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	before, err := x.earlierHits(article)
	if err != nil {
		return nil, err
	}
	out := make([]store.PutHit, 0, len(hits))
	standing := make(map[identity]bool, len(hits))
	for _, h := range hits {
		h.Article, h.Story, h.Revision = article, story, revision
		i := identity{h.Signal, h.Direction}
		old, known := before[i]
		if h, err = x.putHit(h, old); err != nil {
			return nil, err
		}
		before[i], standing[i] = earlier{id: h.ID, found: h.Found, quiet: h.Quiet}, true
		out = append(out, store.PutHit{Hit: h, New: !known})
	}
	for i, old := range before {
		if standing[i] || old.wrong {
			continue
		}
		if _, err := x.exec(`UPDATE hits SET withdrawn = ? WHERE id = ?`, revision, old.id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// earlierHits are those of an article, withdrawn ones among them.
func (x *tx) earlierHits(article int64) (map[identity]earlier, error) {
	rows, err := x.QueryContext(x.ctx, `SELECT id, signal, direction, found, quiet, withdrawn <> 0 FROM hits WHERE article = ?`, article)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make(map[identity]earlier)
	for rows.Next() {
		var i identity
		var e earlier
		if err := rows.Scan(&e.id, &i.signal, &i.direction, when{&e.found}, &e.quiet, &e.wrong); err != nil {
			return nil, err
		}
		out[i] = e
	}
	return out, rows.Err()
}

// putHit writes a hit, in place of the one that it is the same as, if any.
func (x *tx) putHit(h news.Hit, old earlier) (news.Hit, error) {
	if old.id == 0 {
		id, err := x.insert(`INSERT INTO hits (theme, title, why, level, countries, score, background, quiet, pack, evidence,
			status, actor, acts, entities, parts, revision, found, article, signal, direction)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			append(hitValues(h), stamp(h.Found), h.Article, h.Signal, string(h.Direction))...)
		h.ID = id
		return h, err
	}
	h.ID, h.Found = old.id, old.found
	if old.quiet != news.QuietBackground {
		h.Quiet = old.quiet
	}
	_, err := x.exec(`UPDATE hits SET theme = ?, title = ?, why = ?, level = ?, countries = ?, score = ?, background = ?,
		quiet = ?, pack = ?, evidence = ?, status = ?, actor = ?, acts = ?, entities = ?, parts = ?, revision = ?, withdrawn = 0 WHERE id = ?`, append(hitValues(h), h.ID)...)
	return h, err
}

// hitValues are those columns of a hit that a new revision replaces.
func hitValues(h news.Hit) []any {
	return []any{string(h.Theme), h.Title, h.Why, h.Level, list(h.Countries).column(), h.Score, h.Background,
		h.Quiet, h.Pack, evidenceColumn(h.Evidence), string(h.Status), string(h.Actor), actsColumn(h.Acts),
		list(h.Entities).column(), partsColumn(h.Parts), h.Revision}
}

// hitColumns are those of a hit, for hitInto; a is its article.
const hitColumns = `h.id, h.article, a.story, h.revision, h.theme, h.signal, h.title, h.why, h.level, h.direction,
	h.countries, h.score, h.evidence, h.background, h.pack, h.found, h.quiet, h.status, h.actor, h.acts, h.entities, h.parts`

// hitInto lists where the hitColumns go.
func hitInto(h *news.Hit) []any {
	return []any{&h.ID, &h.Article, &h.Story, &h.Revision, &h.Theme, &h.Signal, &h.Title, &h.Why, &h.Level, &h.Direction,
		jsonInto{&h.Countries}, &h.Score, evidenceInto{&h.Evidence}, &h.Background, &h.Pack, when{&h.Found}, &h.Quiet,
		&h.Status, &h.Actor, actsInto{&h.Acts}, jsonInto{&h.Entities}, partsInto{&h.Parts}}
}

// StoryTold implements store.Tx.
func (x *tx) StoryTold(route string, story int64) (version int, err error) {
	err = x.row(`SELECT coalesce(max(version), 0) FROM deliveries WHERE story = ? AND route = ?`, story, route).Scan(&version)
	return version, x.failed(fmt.Sprintf("look whether story %d was told to %s", story, route), err)
}

// PutDelivery implements store.Tx.
func (x *tx) PutDelivery(d news.Delivery) (id int64, made bool, err error) {
	id, made, err = x.putDelivery(d)
	return id, made, x.failed(fmt.Sprintf("write the delivery of story %d to %s", d.Story, d.Channel), err)
}

func (x *tx) putDelivery(d news.Delivery) (id int64, made bool, err error) {
	if d.Kind = cmp.Or(d.Kind, news.DeliveryStory); d.Kind == news.DeliveryStory {
		var there int
		err = x.row(`SELECT count(*) FROM stories WHERE id = ?`, d.Story).Scan(&there)
		if err != nil || there == 0 {
			return 0, false, cmp.Or(err, store.ErrNotFound)
		}
	}
	r, err := x.run(`INSERT INTO deliveries (kind, route, channel, story, version, key, state, next_at, created, content)
		VALUES (?, ?, ?, nullif(?, 0), ?, ?, 'pending', ?, ?, ?) ON CONFLICT (story, route, channel, version) DO NOTHING`,
		string(d.Kind), d.Route, d.Channel, d.Story, d.Version, d.Key, stamp(d.NextAt), stamp(d.Created), d.Content)
	if err != nil {
		return 0, false, err
	}
	n, err := r.RowsAffected()
	if err != nil {
		return 0, false, err
	}
	if n == 1 {
		id, err = r.LastInsertId()
		return id, true, err
	}
	err = x.row(`SELECT id FROM deliveries WHERE story = ? AND route = ? AND channel = ? AND version = ?`,
		d.Story, d.Route, d.Channel, d.Version).Scan(&id)
	return id, false, err
}
