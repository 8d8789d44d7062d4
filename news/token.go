package news

import "time"

// Scope is what a token may be used for.
type Scope string

// The scopes. Judging includes reading; neither reaches further than the role of
// the token's user.
const (
	ScopeRead  Scope = "read"
	ScopeJudge Scope = "judge"
)

// Scopes are all of them, the one that may do least first.
var Scopes = []Scope{ScopeRead, ScopeJudge}

// May reports whether a token of scope s may do what needs the scope least.
func (s Scope) May(least Scope) bool {
	return s == ScopeJudge && (least == ScopeRead || least == ScopeJudge) || s == ScopeRead && least == ScopeRead
}

// Token is the key of a program to the desk's API. It acts for its user.
type Token struct {
	ID      int64
	User    int64
	Name    string // what it is for, in the user's words
	Scope   Scope
	Hash    string // SHA-256 of what was shown once, in hex
	Created time.Time
	Expires time.Time
	Revoked time.Time // zero: it wasn't
}

// Works reports whether the token may be used at a time.
func (t Token) Works(at time.Time) bool { return t.Revoked.IsZero() && at.Before(t.Expires) }
