package news

import (
	"slices"
	"time"
)

// Scope is what a token may be used for.
type Scope string

// The scopes, each of which includes those before it: reading, what analysts do, and
// what authors do. None reaches further than the role of the token's user.
const (
	ScopeRead   Scope = "read"
	ScopeJudge  Scope = "judge"
	ScopeManage Scope = "manage"
)

// Scopes are all of them, the one that may do least first.
var Scopes = []Scope{ScopeRead, ScopeJudge, ScopeManage}

// May reports whether a token of scope s may do what needs the scope least.
func (s Scope) May(least Scope) bool {
	has, needs := slices.Index(Scopes, s), slices.Index(Scopes, least)
	return needs >= 0 && has >= needs
}

// Role is the least role of a user who may have a token of the scope.
func (s Scope) Role() Role {
	switch s {
	case ScopeRead:
		return RoleReader
	case ScopeJudge:
		return RoleAnalyst
	}
	return RoleAuthor
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
