package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"

	"driftwatch/news"
	"driftwatch/store"
)

const userColumns = `id, name, role, password, disabled, epoch, lang, zone, look, keys, created`

func scanUser(scan func(...any) error) (u news.User, err error) {
	return u, scan(&u.ID, &u.Name, &u.Role, &u.Password, &u.Disabled, &u.Epoch, &u.Lang, &u.Zone, &u.Look, &u.Keys, when{&u.Created})
}

// Users implements store.Desk.
func (d *DB) Users(ctx context.Context) ([]news.User, error) {
	out, err := collect(ctx, d.reader, `SELECT `+userColumns+` FROM users ORDER BY name`, nil,
		func(r *sql.Rows) (news.User, error) { return scanUser(r.Scan) })
	return out, d.read("list users", err)
}

// UserNamed implements store.Desk.
func (d *DB) UserNamed(ctx context.Context, name string) (news.User, error) {
	u, err := scanUser(d.reader.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users WHERE name = ?`, name).Scan)
	return u, d.read("look up a user", missing(err))
}

// User implements store.Desk.
func (d *DB) User(ctx context.Context, id int64) (news.User, error) {
	u, err := scanUser(d.reader.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users WHERE id = ?`, id).Scan)
	return u, d.read("look up a user", missing(err))
}

// AddUser implements store.Desk.
func (d *DB) AddUser(ctx context.Context, u news.User, first bool) (news.User, error) {
	u.Epoch = 1
	err := d.write(ctx, func(t *sql.Conn) error {
		if first {
			var n int
			if err := t.QueryRowContext(inside, `SELECT count(*) FROM users`).Scan(&n); err != nil || n > 0 {
				return errors.Join(err, store.ErrExists)
			}
		}
		err := t.QueryRowContext(inside, `INSERT INTO users (name, role, password, disabled, lang, zone, look, keys, created)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			u.Name, string(u.Role), u.Password, u.Disabled, u.Lang, u.Zone, u.Look, u.Keys, stamp(u.Created)).Scan(&u.ID)
		var e sqlite3.Error
		if errors.As(err, &e) && e.ExtendedCode == sqlite3.ErrConstraintUnique {
			return store.ErrExists
		}
		return err
	})
	return u, d.read("add user "+u.Name, err)
}

// ChangeUser implements store.Desk.
func (d *DB) ChangeUser(ctx context.Context, id int64, change func(*news.User) error) (news.User, error) {
	var u news.User
	err := d.write(ctx, func(t *sql.Conn) error {
		before, err := scanUser(t.QueryRowContext(inside, `SELECT `+userColumns+` FROM users WHERE id = ?`, id).Scan)
		if err != nil {
			return missing(err)
		}
		u = before
		if err := change(&u); err != nil {
			return err
		}
		if u.Password != before.Password || u.Role != before.Role || u.Disabled != before.Disabled {
			u.Epoch = before.Epoch + 1
		}
		if before.Role == news.RoleAdmin && !before.Disabled && (u.Role != news.RoleAdmin || u.Disabled) {
			var others int
			err := t.QueryRowContext(inside, `SELECT count(*) FROM users WHERE role = 'admin' AND disabled = 0 AND id <> ?`, id).Scan(&others)
			if err != nil || others == 0 {
				return errors.Join(err, store.ErrLastAdmin)
			}
		}
		_, err = t.ExecContext(inside, `UPDATE users SET role = ?, password = ?, disabled = ?, epoch = ?, lang = ?, zone = ?, look = ?, keys = ? WHERE id = ?`,
			string(u.Role), u.Password, u.Disabled, u.Epoch, u.Lang, u.Zone, u.Look, u.Keys, id)
		return err
	})
	return u, d.read(fmt.Sprintf("change user %d", id), err)
}

// Session implements store.Desk.
func (d *DB) Session(ctx context.Context, token string, now time.Time) (data []byte, found bool, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT data FROM sessions WHERE token = ? AND expires > ?`, token, stamp(now)).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, d.read("read a session", err)
}

// PutSession implements store.Desk.
func (d *DB) PutSession(ctx context.Context, token string, data []byte, expires, now time.Time) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		if _, err := t.ExecContext(inside, `DELETE FROM sessions WHERE expires <= ?`, stamp(now)); err != nil {
			return err
		}
		_, err := t.ExecContext(inside, `INSERT INTO sessions (token, data, expires) VALUES (?, ?, ?)
			ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires = excluded.expires`, token, data, stamp(expires))
		return err
	})
	return d.read("keep a session", err)
}

// RemoveSession implements store.Desk.
func (d *DB) RemoveSession(ctx context.Context, token string) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		_, err := t.ExecContext(inside, `DELETE FROM sessions WHERE token = ?`, token)
		return err
	})
	return d.read("end a session", err)
}

// SavedViews implements store.Desk.
func (d *DB) SavedViews(ctx context.Context, user int64) ([]news.SavedView, error) {
	out, err := collect(ctx, d.reader, `SELECT id, user, name, query FROM saved_views WHERE user = ? ORDER BY id`, []any{user},
		func(r *sql.Rows) (v news.SavedView, err error) { return v, r.Scan(&v.ID, &v.User, &v.Name, &v.Query) })
	return out, d.read("list saved views", err)
}

// PutSavedView implements store.Desk.
func (d *DB) PutSavedView(ctx context.Context, v news.SavedView) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		_, err := t.ExecContext(inside, `INSERT INTO saved_views (user, name, query) VALUES (?, ?, ?)
			ON CONFLICT (user, name) DO UPDATE SET query = excluded.query`, v.User, v.Name, v.Query)
		return err
	})
	return d.read("save a view", err)
}

// RemoveSavedView implements store.Desk.
func (d *DB) RemoveSavedView(ctx context.Context, user, id int64) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		return oneRow(t.ExecContext(inside, `DELETE FROM saved_views WHERE id = ? AND user = ?`, id, user))
	})
	return d.read("remove a view", err)
}

// AddAudit implements store.Desk.
func (d *DB) AddAudit(ctx context.Context, e news.Audited) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		_, err := t.ExecContext(inside, `INSERT INTO audit (at, who, came, did, what, note) VALUES (?, ?, ?, ?, ?, ?)`,
			stamp(e.At), e.By, e.From, e.Did, e.On, e.Note)
		return err
	})
	return d.read("write the audit log", err)
}

// Audit implements store.Desk.
func (d *DB) Audit(ctx context.Context, f news.AuditFilter) ([]news.Audited, error) {
	var c conditions
	if f.By != "" {
		c.add(`who = ?`, f.By)
	}
	if f.Did != "" {
		c.add(`did = ?`, f.Did)
	}
	if !f.Since.IsZero() {
		c.add(`at >= ?`, stamp(f.Since))
	}
	if !f.Until.IsZero() {
		c.add(`at < ?`, stamp(f.Until))
	}
	if f.Before > 0 {
		c.add(`id < ?`, f.Before)
	}
	end, args := c.end(`id DESC`, f.Limit)
	out, err := collect(ctx, d.reader, `SELECT id, at, who, came, did, what, note FROM audit`+end, args,
		func(r *sql.Rows) (e news.Audited, err error) {
			return e, r.Scan(&e.ID, when{&e.At}, &e.By, &e.From, &e.Did, &e.On, &e.Note)
		})
	return out, d.read("read the audit log", err)
}
