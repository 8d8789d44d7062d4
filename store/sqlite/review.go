package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"driftwatch/news"
	"driftwatch/store"
)

// lastVerdict joins the verdict that stands, if any, as v.
const lastVerdict = ` LEFT JOIN verdicts v ON v.id = (SELECT max(id) FROM verdicts WHERE hit = h.id AND undone = '')`

// standingColumns are those of the verdict that stands, zero where there is none.
const standingColumns = `coalesce(v.hit, 0), coalesce(v.says, ''), coalesce(v.judge, ''), coalesce(v.note, ''), coalesce(v.given, '')`

// orders are the ORDER BY of each store.Order.
var orders = map[store.Order]string{
	"":              `h.found DESC, h.level DESC, h.score DESC, h.id DESC`,
	store.Newest:    `h.found DESC, h.level DESC, h.score DESC, h.id DESC`,
	store.Oldest:    `h.found, h.level DESC, h.score DESC, h.id`,
	store.Strongest: `h.level DESC, h.score DESC, h.found DESC, h.id DESC`,
}

// Hits implements store.Review.
func (d *DB) Hits(ctx context.Context, f store.HitFilter) ([]store.HitRow, error) {
	end, args := hitFilter(f).end(orders[f.Order], f.Limit)
	// Left to itself, SQLite sorts all hits to find the latest.
	by := ""
	if len(f.Stories) == 0 && f.Order != store.Strongest {
		by = ` INDEXED BY hits_found`
	}
	out, err := collect(ctx, d.reader, `SELECT `+hitColumns+`, h.withdrawn, `+articleColumns+`, `+standingColumns+`
		FROM hits h`+by+` JOIN articles a ON a.id = h.article`+lastVerdict+end, args, scanHitRow)
	return out, d.read("list hits", err)
}

// conditions are joined by AND; args are those of all of them, in order.
type conditions struct {
	all  []string
	args []any
}

// end is the rest of a query: the conditions, the order and, where it isn't 0,
// the limit.
func (c conditions) end(order string, limit int) (string, []any) {
	return c.grouped("", 0, order, limit)
}

// grouped is the same for groups of rows, of at least so many each.
func (c conditions) grouped(by string, least int, order string, limit int) (string, []any) {
	var b strings.Builder
	if len(c.all) > 0 {
		b.WriteString(` WHERE ` + strings.Join(c.all, ` AND `))
	}
	if by != "" {
		b.WriteString(` GROUP BY ` + by + ` HAVING count(*) >= ` + strconv.Itoa(least))
	}
	b.WriteString(` ORDER BY ` + order)
	if limit > 0 {
		b.WriteString(` LIMIT ` + strconv.Itoa(limit))
	}
	return b.String(), c.args
}

// among keeps rows whose column is one of the values of a JSON list; an empty
// list keeps all.
// Of one value an index on the column gives the rows in the order of their ids.
func (c *conditions) among(column, values string) {
	switch one := single(values); {
	case values == "[]":
	case one != nil:
		c.add(column+` = ?`, one)
	default:
		c.add(column+` IN (SELECT value FROM json_each(?))`, values)
	}
}

// single is the only value of a JSON list of strings or of integers; nil where
// there are several.
func single(values string) any {
	var strings []string
	if json.Unmarshal([]byte(values), &strings) == nil && len(strings) == 1 {
		return strings[0]
	}
	var ints []int64
	if json.Unmarshal([]byte(values), &ints) == nil && len(ints) == 1 {
		return ints[0]
	}
	return nil
}

func (c *conditions) add(condition string, args ...any) {
	c.all, c.args = append(c.all, condition), append(c.args, args...)
}

func hitFilter(f store.HitFilter) conditions {
	var c conditions
	c.among(`h.theme`, list(texts(f.Themes)).column())
	c.among(`a.lang`, list(f.Languages).column())
	c.among(`a.source`, list(f.Sources).column())
	c.amongStories(`a.story`, f.Stories)
	if len(f.Countries) > 0 {
		c.add(`EXISTS (SELECT 1 FROM json_each(h.countries) c JOIN json_each(?) w ON c.value = w.value)`, list(f.Countries).column())
	}
	if f.MinLevel > 0 {
		c.add(`h.level >= ?`, f.MinLevel)
	}
	if !f.Since.IsZero() {
		c.add(`h.found >= ?`, stamp(f.Since))
	}
	if !f.Until.IsZero() {
		c.add(`h.found < ?`, stamp(f.Until))
	}
	if f.Unjudged {
		c.add(`v.id IS NULL`)
	} else {
		c.among(`v.says`, list(texts(f.Verdicts)).column())
	}
	if !f.Withdrawn {
		c.add(`h.withdrawn = 0`)
	}
	return c
}

func scanHitRow(r *sql.Rows) (store.HitRow, error) {
	var h store.HitRow
	var v news.Verdict
	into := append(hitInto(&h.Hit), &h.Withdrawn)
	into = append(into, articleInto(&h.Article)...)
	if err := r.Scan(append(into, verdictInto(&v)...)...); err != nil {
		return h, err
	}
	if v.Hit != 0 {
		h.Verdict = &v
	}
	return h, nil
}

func verdictInto(v *news.Verdict) []any {
	return []any{&v.Hit, &v.Says, &v.By, &v.Note, when{&v.Given}}
}

// texts makes plain strings of a list of words.
func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// integers is a list of numbers as JSON.
func integers(ns []int64) string {
	if len(ns) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(ns) // integers can always be written
	return string(b)
}

// Hit implements store.Review.
func (d *DB) Hit(ctx context.Context, id int64) (store.HitDetail, error) {
	h, err := d.hit(ctx, id)
	return h, d.read(fmt.Sprintf("show hit %d", id), err)
}

func (d *DB) hit(ctx context.Context, id int64) (store.HitDetail, error) {
	var h store.HitDetail
	into := append(hitInto(&h.HitRow.Hit), &h.Withdrawn, &h.Title, &h.Text)
	err := d.reader.QueryRowContext(ctx, `SELECT `+hitColumns+`, h.withdrawn, r.title, r.text, `+articleColumns+`
		FROM hits h JOIN articles a ON a.id = h.article JOIN revisions r ON r.article = h.article AND r.revision = h.revision
		WHERE h.id = ?`, id).Scan(append(into, articleInto(&h.Article)...)...)
	if err != nil {
		return store.HitDetail{}, missing(err)
	}
	h.Verdicts, err = collect(ctx, d.reader, `SELECT hit, says, judge, note, given FROM verdicts WHERE hit = ? AND undone = '' ORDER BY id`, []any{id},
		func(r *sql.Rows) (v news.Verdict, err error) {
			return v, r.Scan(verdictInto(&v)...)
		})
	if n := len(h.Verdicts); n > 0 {
		h.Verdict = &h.Verdicts[n-1]
	}
	return h, err
}

// missing names the error of a row that isn't there.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// Judge implements store.Review.
func (d *DB) Judge(ctx context.Context, v news.Verdict) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		return oneRow(t.ExecContext(inside, `INSERT INTO verdicts (hit, says, judge, note, given)
			SELECT id, ?, ?, ?, ? FROM hits WHERE id = ?`, string(v.Says), v.By, v.Note, stamp(v.Given), v.Hit))
	})
	return d.read(fmt.Sprintf("judge hit %d", v.Hit), err)
}

// AddMiss implements store.Review.
func (d *DB) AddMiss(ctx context.Context, m news.Miss) (int64, error) {
	err := d.write(ctx, func(t *sql.Conn) error {
		return t.QueryRowContext(inside, `INSERT INTO misses (url, theme, signal, country, reporter, note, given) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			m.URL, string(m.Theme), m.Signal, m.Country, m.By, m.Note, stamp(m.Given)).Scan(&m.ID)
	})
	return m.ID, d.read("record a miss", err)
}

// Misses implements store.Review.
func (d *DB) Misses(ctx context.Context) ([]news.Miss, error) {
	out, err := collect(ctx, d.reader, `SELECT id, url, theme, signal, country, reporter, note, given FROM misses ORDER BY id DESC`, nil,
		func(r *sql.Rows) (m news.Miss, err error) {
			return m, r.Scan(&m.ID, &m.URL, &m.Theme, &m.Signal, &m.Country, &m.By, &m.Note, when{&m.Given})
		})
	return out, d.read("list misses", err)
}
