package review

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"driftwatch/news"
)

// auditView is what the audit log shows.
type auditView struct {
	Entries []auditLine
	Filter  news.AuditFilter
	Words   []choice // what can have been done
	Older   string   // the address of the entries before these; empty: there are none
	Export  string
}

type auditLine struct {
	news.Audited
	When  Moment
	Word  string // what was done, for people
	Thing string // what it was done to
	Path  string // of its page; empty: it has none
	Says  string // the note
}

// auditShown is how many entries a page of the audit log has.
const auditShown = 100

// audited are the words of the audit log, and how people say them.
var audited = []struct{ word, says string }{
	{"login", "signed in"}, {"login.failed", "failed to sign in"}, {"logout", "signed out"},
	{"judge", "judged"}, {"undo", "took a verdict back"}, {"note", "wrote a note"}, {"miss", "recorded a miss"},
	{"split", "split a story"}, {"merge", "merged stories"}, {"silence.add", "made a silence"}, {"silence.end", "ended a silence"},
	{"delivery.retry", "had a message sent now"}, {"delivery.cancel", "cancelled a message"},
	{"source.look", "looked at an address"}, {"source.add", "added a source"}, {"source.import", "added sources from OPML"},
	{"source.poll", "polled a source"}, {"source.pause", "paused a source"}, {"source.resume", "resumed a source"}, {ruleSaved, "saved rules"},
	{"token.add", "made a token"}, {"token.revoke", "revoked a token"},
	{"user.add", "added a user"}, {"user.role", "changed a role"}, {"user.passwd", "changed a password"}, {"user.disable", "disabled a user"},
	{"user.enable", "enabled a user"}, {"user.sessions", "ended a user's sessions"},
}

// auditThings are what things are called in the audit log, and where they are shown.
var auditThings = []phrase{
	phrased(`story (\d+)`, "story %s", "/stories/%s"), phrased(`stories (.+)`, "stories %s", ""), phrased(`hit (\d+)`, "hit %s", ""),
	phrased(`user (.+)`, "user %s", ""), phrased(`token (\d+) of (.+)`, "token %s of %s", ""), phrased(`token (\d+)`, "token %s", ""),
	phrased(`silence (\d+)`, "silence %s", "/silences?all"), phrased(`delivery (\d+)`, "delivery %s", "/deliveries/%s"),
	phrased(`delivery (.+)`, "deliveries %s", ""), phrased(`rules (.+)`, "rules %s", "/rules/history"),
}

// auditNotes are what the program itself notes there.
var auditNotes = []phrase{
	phrased(`(\d+) articles? (?:is|are) story (\d+) now`, "%s article is story %s now|%s articles are story %s now", ""), phrased(`story (\d+) is a part of it`, "story %s is a part of it", ""),
	phrased(`(\d+) added`, "%s added", ""), phrased(`(\d+) new articles?`, "%s new article|%s new articles", ""), phrased(`version (\w+)`, "version %s", ""),
	phrased(`first user, admin`, "first user, admin", ""),
}

var byToken = regexp.MustCompile(`^(.*?)(?:, |^)by token (\d+)$`)

// auditNote is a note of the program's in the visitor's language; what a person wrote
// stays as it is.
func (v *visit) auditNote(e news.Audited) string {
	note, by := e.Note, ""
	if parts := byToken.FindStringSubmatch(note); parts != nil {
		note, by = parts[1], v.t("by token %s", parts[2])
	}
	switch e.Did {
	case "judge", "user.role":
		note = v.word(note)
	case "user.add":
		if note != "first user, admin" {
			note = v.word(note)
			break
		}
		fallthrough
	case "split", "merge", "source.import", "source.poll", ruleSaved:
		note, _ = v.told(note, auditNotes)
	case "token.add":
		if scope, name, ok := strings.Cut(note, ", "); ok {
			note = v.word(scope) + ", " + name
		}
	}
	return strings.Trim(note+", "+by, ", ")
}

// word is a word of the program's in the visitor's language, where it isn't empty.
func (v *visit) word(w string) string {
	if w == "" {
		return ""
	}
	return v.t(w)
}

// auditWord is what was done, for people.
func (v *visit) auditWord(did string) string {
	for _, a := range audited {
		if a.word == did {
			return v.t(a.says)
		}
	}
	return did
}

func (v *visit) auditFilter() news.AuditFilter {
	q := v.r.URL.Query()
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	return news.AuditFilter{By: q.Get("by"), Did: q.Get("did"), Before: before}
}

func (v *visit) auditPage() error {
	f := v.auditFilter()
	f.Limit = auditShown + 1
	entries, err := v.People.Audit(v.r.Context(), f)
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	q.Del("before")
	view := auditView{Filter: f, Export: addressOf("/audit/export", q.Encode())}
	for _, a := range audited {
		view.Words = append(view.Words, choice{Value: a.word, Name: v.t(a.says), On: a.word == f.Did})
	}
	if f.Did != "" && !slices.ContainsFunc(view.Words, func(c choice) bool { return c.On }) {
		view.Words = append(view.Words, choice{Value: f.Did, Name: f.Did, On: true})
	}
	if len(entries) > auditShown {
		entries = entries[:auditShown]
		q.Set("before", strconv.FormatInt(entries[auditShown-1].ID, 10))
		view.Older = "/audit?" + q.Encode()
	}
	for _, e := range entries {
		line := auditLine{Audited: e, When: v.moment(e.At), Word: v.auditWord(e.Did), Says: v.auditNote(e)}
		line.Thing, line.Path = v.told(e.On, auditThings)
		view.Entries = append(view.Entries, line)
	}
	return v.render(http.StatusOK, "audit", view)
}
