package review

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"driftwatch/news"
)

// sessionLife is how long one stays signed in.
const sessionLife = 14 * 24 * time.Hour

// newSessions makes the keeper of sessions. A cookie holds nothing but a random
// token, of which only the hash is kept.
func (d *Desk) newSessions() *scs.SessionManager {
	m := &scs.SessionManager{Store: kept{d}, Codec: scs.GobCodec{}, HashTokenInStore: true, Lifetime: sessionLife} // scs.New would start a store of its own, which never ends
	m.Cookie.Name = "driftwatch"
	if d.Secure {
		m.Cookie.Name = "__Host-driftwatch"
	}
	m.Cookie.Path = "/"
	m.Cookie.HttpOnly = true
	m.Cookie.Persist = true
	m.Cookie.Secure = d.Secure
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		d.Log.Error("session failed", "problem", err)
		http.Error(w, "The session could not be read or kept; the log says why.", http.StatusInternalServerError)
	}
	return m
}

// kept is the sessions' place in the store.
type kept struct{ d *Desk }

func (k kept) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	return k.d.People.Session(ctx, token, k.d.Now())
}

func (k kept) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	return k.d.People.PutSession(ctx, token, b, expiry, k.d.Now())
}

func (k kept) DeleteCtx(ctx context.Context, token string) error {
	return k.d.People.RemoveSession(ctx, token)
}

func (k kept) Find(token string) ([]byte, bool, error) { return k.FindCtx(context.Background(), token) }

func (k kept) Commit(token string, b []byte, expiry time.Time) error {
	return k.CommitCtx(context.Background(), token, b, expiry)
}

func (k kept) Delete(token string) error { return k.DeleteCtx(context.Background(), token) }

// What a session holds.
const (
	sessionUser  = "user"
	sessionEpoch = "epoch"
)

// identify finds out who the visitor is: whom a trusted proxy names, else whose
// session it is.
func (v *visit) identify() error {
	u, err := v.proxied()
	v.byProxy = u.ID != 0
	if err == nil && !v.byProxy {
		u, err = v.remembered()
	}
	if err != nil || u.ID == 0 {
		return err
	}
	v.user = u
	v.lang = languageOf(v.r, u.Lang)
	if zone, err := time.LoadLocation(u.Zone); err == nil && u.Zone != "" {
		v.zone = zone
	}
	return nil
}

// proxied is the user whom a proxy names, where that counts.
func (v *visit) proxied() (news.User, error) {
	if v.Header == "" || !v.trusts(peerOf(v.r)) {
		return news.User{}, nil
	}
	named := v.r.Header.Values(v.Header)
	if len(named) > 1 { // one of them is what a visitor sent, which the proxy should have replaced
		return news.User{}, problem(http.StatusForbidden, "The proxy names more than one user.")
	}
	name := userName(strings.Join(named, ""))
	if name == "" {
		return news.User{}, nil
	}
	u, err := v.People.UserNamed(v.r.Context(), name)
	if err != nil && !v.Missing(err) {
		return news.User{}, err
	}
	if err != nil || u.Disabled {
		return news.User{}, problem(http.StatusForbidden, "You aren't a user of this desk. Ask its admin to add you.")
	}
	return u, nil
}

// remembered is the user of the session, unless that was ended by a change of
// password, role or access.
func (v *visit) remembered() (news.User, error) {
	ctx := v.r.Context()
	id := v.sessions.GetInt64(ctx, sessionUser)
	if id == 0 {
		return news.User{}, nil
	}
	u, err := v.People.User(ctx, id)
	if err != nil && !v.Missing(err) {
		return news.User{}, err
	}
	if err != nil || u.Disabled || u.Epoch != v.sessions.GetInt(ctx, sessionEpoch) {
		return news.User{}, v.sessions.Destroy(ctx)
	}
	return u, nil
}

// signIn begins a session under a new token: one that was there before the login
// can't have been planted.
func (v *visit) signIn(u news.User) error {
	ctx := v.r.Context()
	if err := v.sessions.RenewToken(ctx); err != nil {
		return err
	}
	v.sessions.Put(ctx, sessionUser, u.ID)
	v.sessions.Put(ctx, sessionEpoch, u.Epoch)
	v.user = u
	return v.did("login", "user "+u.Name, "")
}

// gate counts failed logins, and turns away who fails too often.
type gate struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[string]*failures
}

type failures struct {
	n     int
	until time.Time // when they are forgotten
}

// How many failed logins count before more are turned away, and for how long.
const (
	failuresPair = 5  // of one name from one address
	failuresFrom = 20 // from one address
	failuresName = 50 // of one name
	failuresLast = 15 * time.Minute
	failuresKept = 10000 // counters at most
)

func newGate(now func() time.Time) *gate { return &gate{now: now, by: map[string]*failures{}} }

// wait is how long a login of a name from an address has to wait; 0: not at all.
func (g *gate) wait(name, from string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	var longest time.Duration
	for key, most := range limits(name, from) {
		if f := g.by[key]; f != nil && f.n >= most && f.until.After(now) {
			longest = max(longest, f.until.Sub(now))
		}
	}
	return longest
}

func limits(name, from string) map[string]int {
	return map[string]int{"pair " + name + " " + from: failuresPair, "from " + from: failuresFrom, "name " + name: failuresName}
}

// failed counts a failed login before it is known to be one, so that many at once
// count too; right takes it back.
func (g *gate) failed(name, from string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if len(g.by) >= failuresKept {
		for key, f := range g.by {
			if !f.until.After(now) || len(g.by) >= failuresKept && strings.HasPrefix(key, "pair ") {
				delete(g.by, key)
			}
		}
	}
	for key := range limits(name, from) {
		f := g.by[key]
		if f == nil || !f.until.After(now) {
			f = &failures{}
			g.by[key] = f
		}
		f.n++
		f.until = now.Add(failuresLast)
	}
}

// right forgets what failed before a login that went well.
func (g *gate) right(name, from string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for key := range limits(name, from) {
		if strings.HasPrefix(key, "pair ") {
			delete(g.by, key)
			continue
		}
		if f := g.by[key]; f != nil {
			f.n--
		}
	}
}

// linkLife is how long a one-time link works.
const linkLife = 15 * time.Minute

// links are one-time links into the desk: to make the first user, or to sign one
// in.
type links struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[[sha256.Size]byte]link
}

type link struct {
	user  string // whom it signs in; empty: it makes the first user
	until time.Time
}

// Link makes a one-time link for 15 minutes and gives its path: it signs a user
// in, or makes the first one where no name is given.
func (d *Desk) Link(user string) string {
	token := rand.Text()
	l := &d.links
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by == nil {
		l.by = map[[sha256.Size]byte]link{}
	}
	l.by[sha256.Sum256([]byte(token))] = link{user, l.now().Add(linkLife)}
	return "/link/" + token
}

// look finds a link that still works; take uses it up.
func (l *links) look(token string, take bool) (link, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := sha256.Sum256([]byte(token))
	found, ok := l.by[key]
	if ok && !found.until.After(l.now()) {
		delete(l.by, key)
		return link{}, false
	}
	if ok && take {
		delete(l.by, key)
	}
	return found, ok
}
