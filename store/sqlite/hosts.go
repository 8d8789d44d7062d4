package sqlite

import (
	"context"
	"database/sql"
	"time"

	"driftwatch/news"
)

// PutHostPaces implements store.Tx.
func (x *tx) PutHostPaces(all []news.HostPace, forget time.Time) error {
	for _, p := range all {
		var err error
		if p.Idle() {
			_, err = x.exec(`DELETE FROM host_paces WHERE host = ?`, p.Host)
		} else {
			_, err = x.exec(`INSERT OR REPLACE INTO host_paces (host, extra, delay, usual, aside, seen) VALUES (?, ?, ?, ?, ?, ?)`,
				p.Host, p.Extra.Milliseconds(), p.Delay.Milliseconds(), p.Usual.Milliseconds(), stamp(p.Aside), stamp(p.Seen))
		}
		if err != nil {
			return x.failed("keep the pace of "+p.Host, err)
		}
	}
	_, err := x.exec(`DELETE FROM host_paces WHERE seen < ?`, stamp(forget))
	return x.failed("forget the pace of hosts", err)
}

// HostPaces implements store.Polls.
func (d *DB) HostPaces(ctx context.Context) ([]news.HostPace, error) {
	all, err := collect(ctx, d.reader, `SELECT host, extra, delay, usual, aside, seen FROM host_paces ORDER BY host`, nil,
		func(r *sql.Rows) (p news.HostPace, err error) {
			err = r.Scan(&p.Host, &p.Extra, &p.Delay, &p.Usual, when{&p.Aside}, when{&p.Seen})
			for _, d := range []*time.Duration{&p.Extra, &p.Delay, &p.Usual} {
				*d *= time.Duration(time.Millisecond)
			}
			return p, err
		})
	return all, d.read("read the paces of hosts", err)
}

// PutRobotsFiles implements store.Tx.
func (x *tx) PutRobotsFiles(all []news.RobotsFile, forget time.Time) error {
	for _, f := range all {
		if _, err := x.exec(`INSERT OR REPLACE INTO robots_files (server, rules, until) VALUES (?, ?, ?)`, f.Server, f.Rules, stamp(f.Until)); err != nil {
			return x.failed("keep the robots file of "+f.Server, err)
		}
	}
	_, err := x.exec(`DELETE FROM robots_files WHERE until < ?`, stamp(forget))
	return x.failed("forget robots files", err)
}

// RobotsFiles implements store.Polls.
func (d *DB) RobotsFiles(ctx context.Context) ([]news.RobotsFile, error) {
	all, err := collect(ctx, d.reader, `SELECT server, rules, until FROM robots_files ORDER BY server`, nil,
		func(r *sql.Rows) (f news.RobotsFile, err error) {
			return f, r.Scan(&f.Server, &f.Rules, when{&f.Until})
		})
	return all, d.read("read the robots files of servers", err)
}
