package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"driftwatch/news"
)

const tokenColumns = `id, user, name, scope, hash, created, expires, revoked`

func scanToken(scan func(...any) error) (t news.Token, err error) {
	return t, scan(&t.ID, &t.User, &t.Name, &t.Scope, &t.Hash, when{&t.Created}, when{&t.Expires}, when{&t.Revoked})
}

// AddToken implements store.Desk.
func (d *DB) AddToken(ctx context.Context, k news.Token) (news.Token, error) {
	err := d.write(ctx, func(t *sql.Conn) error {
		return t.QueryRowContext(inside, `INSERT INTO tokens (user, name, scope, hash, created, expires) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
			k.User, k.Name, string(k.Scope), k.Hash, stamp(k.Created), stamp(k.Expires)).Scan(&k.ID)
	})
	return k, d.read("add a token", err)
}

// Tokens implements store.Desk.
func (d *DB) Tokens(ctx context.Context, user int64) ([]news.Token, error) {
	var c conditions
	if user != 0 {
		c.add(`user = ?`, user)
	}
	end, args := c.end(`id`, 0)
	out, err := collect(ctx, d.reader, `SELECT `+tokenColumns+` FROM tokens`+end, args,
		func(r *sql.Rows) (news.Token, error) { return scanToken(r.Scan) })
	return out, d.read("list tokens", err)
}

// TokenHashed implements store.Desk.
func (d *DB) TokenHashed(ctx context.Context, hash string) (news.Token, error) {
	k, err := scanToken(d.reader.QueryRowContext(ctx, `SELECT `+tokenColumns+` FROM tokens WHERE hash = ?`, hash).Scan)
	return k, d.read("look up a token", missing(err))
}

// RevokeToken implements store.Desk.
func (d *DB) RevokeToken(ctx context.Context, user, id int64, at time.Time) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		return oneRow(t.ExecContext(inside, `UPDATE tokens SET revoked = ? WHERE id = ? AND (user = ? OR ? = 0) AND revoked = ''`, stamp(at), id, user, user))
	})
	return d.read(fmt.Sprintf("revoke token %d", id), err)
}
