package review

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"sync"

	"driftwatch/news"
)

// tokenPrefix begins each token, so that a leaked one is known for what it is.
const tokenPrefix = "dwt_"

// TokenLongest is how far ahead a token may end.
const TokenLongest = 366 * 24 * time.Hour

// NewToken makes a token and the hash that is kept of it. The token is 32 random
// bytes: nobody can try that many, so a plain SHA-256 keeps them as well as a slow
// hash would, which only words that people choose need.
func NewToken() (token, hash string) {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	token = tokenPrefix + base64.RawURLEncoding.EncodeToString(b)
	return token, hashToken(token)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// CheckTokenName reports what is wrong with the name of a token.
func CheckTokenName(name string) error {
	if name == "" || len(name) > 100 || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("a token's name has 1 to 100 characters, in one line")
	}
	return nil
}

// tokenLine is a token in the settings.
type tokenLine struct {
	news.Token
	Since, Until Moment
	Works        bool
}

// tokenLines are the visitor's tokens, those that work first.
func (v *visit) tokenLines() ([]tokenLine, error) {
	all, err := v.People.Tokens(v.r.Context(), v.user.ID)
	var out []tokenLine
	for _, t := range slices.Backward(all) {
		out = append(out, tokenLine{t, v.moment(t.Created), v.moment(t.Expires), t.Works(v.now)})
	}
	slices.SortStableFunc(out, func(a, b tokenLine) int {
		if a.Works == b.Works {
			return 0
		}
		if a.Works {
			return -1
		}
		return 1
	})
	return out, err
}

// tokensMost is how many tokens that work a user may have.
const tokensMost = 20

// addToken makes a token, and shows it this once.
func (v *visit) addToken() error {
	form := settingsForm{User: v.user}
	days, _ := strconv.Atoi(v.r.PostFormValue("days"))
	token, _, err := v.keepToken(v.r.PostFormValue("name"), news.Scope(v.r.PostFormValue("scope")), days)
	var f *fault
	switch {
	case errors.As(err, &f):
		form.Says = v.t(f.says, f.args...)
		return v.showSettings(f.status, form)
	case err != nil:
		return err
	}
	form.Token = token
	return v.showSettings(http.StatusOK, form)
}

// keepToken makes a token of the visitor's. One that a token makes may do no more than
// that, and ends no later: what is leaked or revoked leaves nothing stronger behind.
func (v *visit) keepToken(name string, scope news.Scope, days int) (token string, t news.Token, err error) {
	name = strings.TrimSpace(name)
	ends := v.now.AddDate(0, 0, days)
	lines, err := v.tokenLines()
	if err != nil {
		return "", t, err
	}
	works := 0
	for _, l := range lines {
		if l.Works {
			works++
		}
	}
	says := ""
	switch {
	case CheckTokenName(name) != nil:
		says = "A token's name has 1 to 100 characters."
	case !slices.Contains(news.Scopes, scope):
		says = "A token's scope is to read, to judge, or to manage."
	case !v.user.Role.May(scope.Role()):
		says = "Your role doesn't allow this."
	case days < 1 || days > 366:
		says = "A token ends within 1 to 366 days."
	case works >= tokensMost:
		says = "You have 20 tokens, which is the most. Revoke one first."
	case v.api && (!v.token.Scope.May(scope) || ends.After(v.token.Expires)):
		says = "A token that a token makes has no wider scope, and ends no later."
	}
	if says != "" {
		return "", t, problem(http.StatusUnprocessableEntity, says)
	}
	token, hash := NewToken()
	if t, err = v.People.AddToken(v.r.Context(), news.Token{User: v.user.ID, Name: name, Scope: scope, Hash: hash, Created: v.now, Expires: ends}); err != nil {
		return "", t, err
	}
	return token, t, v.did("token.add", fmt.Sprintf("token %d of %s", t.ID, v.user.Name), string(scope)+", "+name)
}

func (v *visit) revokeToken() error {
	if _, err := v.stopToken(); err != nil {
		return err
	}
	return v.to("/settings")
}

// stopToken revokes the token of the visitor's that the address names.
func (v *visit) stopToken() (id int64, err error) {
	if id, err = v.id(); err != nil {
		return 0, err
	}
	if err := v.People.RevokeToken(v.r.Context(), v.user.ID, id, v.now); err != nil {
		return 0, err
	}
	return id, v.did("token.revoke", fmt.Sprintf("token %d of %s", id, v.user.Name), "")
}

// callers keeps the pace of those who ask the API: of a token, and of an address
// that comes without one that works.
type callers struct {
	mu sync.Mutex
	by map[string]*caller
}

type caller struct {
	pace *rate.Limiter
	last time.Time
}

// How often the API may be asked: in a row at first, then a second.
const (
	callsBurst  = 60
	callsSecond = 5
	callersMost = 10_000
)

// wait takes one call of a caller and says how long to wait, where it comes too
// soon.
func (c *callers) wait(who string, now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[string]*caller{}
	}
	one := c.by[who]
	if one == nil {
		if len(c.by) >= callersMost {
			for key, old := range c.by {
				if now.Sub(old.last) > callsBurst/callsSecond*time.Second {
					delete(c.by, key) // it could ask as much again anyway
				}
			}
			for key := range c.by {
				if len(c.by) < callersMost {
					break
				}
				delete(c.by, key)
			}
		}
		one = &caller{pace: rate.NewLimiter(callsSecond, callsBurst)}
		c.by[who] = one
	}
	one.last = now
	r := one.pace.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}
