package review

import "driftwatch/news"

// Route is an address of the desk, for the tests that try all of them.
type Route struct {
	Pattern string
	Least   news.Role
	Scope   news.Scope
}

// Routes are all addresses.
func (d *Desk) Routes() []Route {
	var out []Route
	for _, r := range d.routes {
		out = append(out, Route{r.pattern, r.least, r.scope})
	}
	return out
}

// Count is a sentence with a number in it.
func Count(lang, key string, n int) string { return count(lang, key, n) }

// Tongue is the language that a text of the rules is marked with.
func Tongue(lang, text string) string { return tongue(lang, text) }

// Russian is the Russian catalogue.
func Russian() map[string]string { return russian }

// Compared has a function called with each hash that a password is compared with.
func (d *Desk) Compared(do func(encoded string)) {
	d.same = func(encoded, password string) bool {
		do(encoded)
		return samePassword(encoded, password)
	}
}

// AuditWords are the words of the audit log with what they mean to people.
func AuditWords() map[string]string {
	words := map[string]string{}
	for _, a := range audited {
		words[a.word] = a.says
	}
	return words
}
