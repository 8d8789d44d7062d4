package news

import "time"

// Role is what a user of the desk may do; each may do what those before it may.
type Role string

// The roles, the one that may do least first.
const (
	RoleReader  Role = "reader"  // looks
	RoleAnalyst Role = "analyst" // judges, notes, silences
	RoleAuthor  Role = "author"  // writes rules
	RoleAdmin   Role = "admin"   // users and sources
)

// Roles are all of them, the one that may do least first.
var Roles = []Role{RoleReader, RoleAnalyst, RoleAuthor, RoleAdmin}

// May reports whether someone with role r may do what needs the role least. A
// role that there isn't may do nothing.
func (r Role) May(least Role) bool { return rank(r) >= rank(least) && rank(r) > 0 && rank(least) > 0 }

func rank(r Role) int {
	for i, known := range Roles {
		if r == known {
			return i + 1
		}
	}
	return 0
}

// User is somebody who works at the desk.
type User struct {
	ID       int64
	Name     string // unique, in lower case
	Role     Role
	Password string // encoded argon2id hash; empty: no login by password
	Disabled bool
	Epoch    int    // grows with each change of password, role or access, and ends the sessions begun before
	Lang     string // of the interface, BCP 47; empty: what the browser asks for
	Zone     string // IANA time zone; empty: the server's
	Look     string // light or dark; empty: as the system
	Keys     bool   // single keys act
	Created  time.Time
}

// Audited is something that somebody did, as the audit log keeps it.
type Audited struct {
	ID   int64
	At   time.Time
	By   string // the user's name; empty: the program, or somebody not signed in
	From string // where the request came from; empty: the command line
	Did  string // a word for it, such as "judge" or "user.add"
	On   string // what it was done to, such as "story 12"
	Note string // what changed, a sentence
}

// AuditFilter says which entries of the audit log are wanted; zero fields let
// all pass.
type AuditFilter struct {
	By     string
	Did    string
	Since  time.Time
	Until  time.Time
	Before int64 // only entries with a smaller id
	Limit  int
}

// SavedView is a filter that a user gave a name.
type SavedView struct {
	ID    int64
	User  int64
	Name  string
	Query string // the part of the address behind the question mark
}
