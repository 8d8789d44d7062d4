package watch

import (
	"errors"
	"fmt"
	"net/http"

	"driftwatch/crawler/feed"
	"driftwatch/crawler/fetch"
	"driftwatch/crawler/site"
	"driftwatch/crawler/telegram"
	"driftwatch/crawler/wall"
	"driftwatch/news"
)

// State is a state that a source may be in, as `sources list` and `sources
// check` name it.
type State struct {
	Word   string // stable, for scripts too
	Means  string
	Advice string // what an operator can do; empty: nothing has to be done
}

// The states that say no more than themselves.
const (
	StateOff     = "off"
	StateNew     = "new"
	StateReading = "reading"
	StateFailing = "failing"
	StateGone    = "gone"
	StateEmpty   = "empty"
	StateHome    = "homepage"
	StateNoFeed  = "no feed"
	StateFault   = "fault"
)

// States are all states, those in which all is well first. docs/operators.md
// shows them.
func States() []State { return states }

var states = []State{
	{StateReading, "it is read", ""},
	{StateNew, "it wasn't asked yet", ""},
	{StateOff, "it is switched off in the configuration", ""},
	{"challenge", "a guard before the outlet wants proof that a person is asking", "the outlet keeps programs out: try its other addresses (a feed, a sitemap, its Telegram channel), a mirror or a proxy, or ask the outlet to let you in"},
	{"blocked", "the outlet refuses us (401, 403, 451)", "the outlet blocks us: try another feed address, set user_agent for this source, or ask it"},
	{"consent", "a page that wants agreement to cookies stands before everything", "look for the outlet's feed or sitemap: those have no such page; nobody can agree for a program"},
	{"login", "the outlet wants a login", "use a public address of the outlet; Driftwatch logs in nowhere"},
	{"paywall", "the articles are for subscribers", "titles and teasers are still read; set fulltext: never to save the requests"},
	{"soft 404", "the address says “not found”, with a status of success", "nothing is at this address: look for the outlet's feed on its homepage, or: driftwatch sources add HOMEPAGE"},
	{"not found", "nothing is at the address (404)", "nothing is at this address: look for the outlet's feed on its homepage, or: driftwatch sources add HOMEPAGE"},
	{"parked", "the domain is parked or for sale", "the outlet has left this domain: look for its new one, or set enabled: false"},
	{StateHome, "the outlet answers with its front page, whatever is asked for", "the address has gone: look for another one: driftwatch sources add HOMEPAGE"},
	{"markup changed", "a section page that listed articles lists none any more", "the page is built otherwise now: look at it in a browser, and mend links.allow and links.deny; until then nothing of the outlet is read"},
	{StateEmpty, "the feed or endpoint answers, and lists nothing", "look at the address in a browser: a feed that stays empty is seldom the right one; look for another: driftwatch sources add HOMEPAGE"},
	{StateNoFeed, "what is at the address is no feed", "open the outlet's homepage and look for its feed's address, or make the source kind: site with the section page"},
	{"no json", "what is at the address isn't the JSON that was expected", "open the address in a browser: it has to answer JSON, its items where json: says; or look for another one: driftwatch sources add HOMEPAGE"},
	{"cut off", "the feed breaks off before its first item is whole", "try again later; if it stays cut off, tell the outlet"},
	{"no preview", "the Telegram channel shows no public preview", "open the address in a browser that isn't logged in: what isn't shown there can't be read"},
	{"unreadable", "the answer can't be read as what it should be", "look at the page in a browser; for kind: site check links.allow and links.deny"},
	{"certificate chain", "the server doesn't send the certificates that vouch for its own", "tell the outlet that its certificate chain is incomplete; until it is mended use an address without https, or a mirror. Browsers fetch what is missing, which is why it works there"},
	{"certificate", "no secure connection: the certificate is wrong, or has expired", "its certificate can't be verified: try the address without https, or with or without www"},
	{"no host", "the name doesn't resolve", "the name doesn't resolve: check its spelling, and whether the outlet has moved"},
	{"timeout", "no whole answer came in time", "try again later; raise network.timeout if it is always slow"},
	{"network", "no connection, or one that broke off", "try again later; if it never answers from here, the outlet may block this network"},
	{"redirects", "redirects lead round in a circle, or nowhere", "look where the address leads in a browser, and write that address into the configuration"},
	{"wait", "the host asked for patience (429, or 503 with Retry-After)", "the host asked for patience; it is polled again by itself, or give it a longer interval"},
	{"broken", "the outlet's server has a fault (5xx)", "the outlet's server has a fault: it is polled again by itself, less and less often"},
	{"robots", "robots.txt asks programs to stay away", "the outlet asks crawlers to stay away; ask it, or use its feed"},
	{"refused", "an address that Driftwatch doesn't contact", "only public http and https addresses are contacted; name other ranges under network.allow"},
	{"too large", "the answer is larger than is read", "the answer is no listing of a sane size; look at the address in a browser"},
	{StateGone, "the outlet has taken it down for good (410); it is polled no more", "the outlet has taken it down for good: look for another address, or set enabled: false"},
	{StateFault, "Driftwatch itself fails at what the outlet sends", "this is a fault of the program: please report it, with the address and what the log says of it; a newer version may read it"},
	{StateFailing, "it can't be read", "see the problem, or: driftwatch sources check ID"},
}

// Advice is what an operator can do about a state; empty where nothing has to be
// done.
func Advice(word string) string {
	for _, s := range states {
		if s.Word == word {
			return s.Advice
		}
	}
	return "look at the address in a browser"
}

// StateOf is the state that a source is in by what its polls said, a word of
// [States].
func StateOf(s news.Source, st news.SourceState) string {
	switch {
	case !s.Enabled:
		return StateOff
	case st.Gone:
		return StateGone
	case st.Status != "":
		return st.Status
	case st.Failures > 0:
		return StateFailing
	case st.LastSuccess.IsZero():
		return StateNew
	}
	return StateReading
}

// isRead reports whether a source could be read when it was asked last, and had
// something to read.
func isRead(st news.SourceState) bool {
	return st.Failures == 0 && !st.FirstPoll() && st.Status != StateEmpty
}

// ChangedError says that a section page lists nothing though it did before.
type ChangedError struct {
	Before int // articles that it listed when it was read last
	Err    error
}

// Error is a sentence.
func (e *ChangedError) Error() string {
	return fmt.Sprintf("%v (it listed %d before)", e.Err, e.Before)
}

// Unwrap is what the page lists now.
func (e *ChangedError) Unwrap() error { return e.Err }

// HomeError says that the outlet's front page came instead of what was asked for.
type HomeError struct{ URL string }

// Error is a sentence.
func (e *HomeError) Error() string {
	return e.URL + " gives the outlet's front page instead"
}

// statusOf is the state that a failed poll leaves a source in.
func statusOf(src news.Source, err error) string {
	if kind := wallOf(err); kind != "" {
		return stateOfWall(kind)
	}
	var (
		fault   *FaultError
		home    *HomeError
		changed *ChangedError
		noJSON  *feed.NotJSONError
		shape   *feed.ShapeError
		not     *feed.NotFeedError
		cut     *feed.CutOffError
		channel *telegram.UnavailableError
		fe      *fetch.Error
	)
	switch {
	case errors.As(err, &fault):
		return StateFault
	case errors.As(err, &home):
		return StateHome
	case errors.As(err, &changed):
		return "markup changed"
	case errors.As(err, &noJSON), errors.As(err, &shape):
		return "no json"
	case errors.As(err, &not):
		return StateNoFeed
	case errors.As(err, &cut):
		return "cut off"
	case errors.As(err, &channel) && channel.Empty:
		return StateEmpty
	case errors.As(err, &channel):
		return "no preview"
	case errors.As(err, &fe):
		return statusOfFetch(fe)
	}
	return "unreadable"
}

// wallOf is the kind of wall that an error tells of, "" where it is none.
func wallOf(err error) wall.Kind {
	var (
		fe    *fetch.Error
		not   *feed.NotFeedError
		empty *site.EmptyError
	)
	switch {
	case errors.As(err, &fe):
		return fe.Wall.Kind
	case errors.As(err, &not):
		return not.Wall.Kind
	case errors.As(err, &empty):
		return empty.Wall.Kind
	}
	return ""
}

// stateOfWall is the state of a source before which a wall stands: the kinds are
// words of the states.
func stateOfWall(k wall.Kind) string { return string(k) }

var statusOfKind = map[fetch.Kind]string{
	fetch.KindRefused: "refused", fetch.KindScheme: "refused", fetch.KindRobots: "robots", fetch.KindWait: "wait",
	fetch.KindDNS: "no host", fetch.KindChain: "certificate chain", fetch.KindTLS: "certificate", fetch.KindTimeout: "timeout",
	fetch.KindTooLarge: "too large", fetch.KindRedirect: "redirects", fetch.KindEncoding: "unreadable",
}

func statusOfFetch(fe *fetch.Error) string {
	if fe.Kind != fetch.KindStatus {
		if word, ok := statusOfKind[fe.Kind]; ok {
			return word
		}
		return "network"
	}
	switch s := fe.Status; {
	case s == http.StatusUnauthorized, s == http.StatusForbidden, s == http.StatusUnavailableForLegalReasons:
		return "blocked"
	case s == http.StatusPaymentRequired:
		return "paywall"
	case s == http.StatusNotFound:
		return "not found"
	case s == http.StatusGone:
		return StateGone
	case s == http.StatusTooManyRequests, s == http.StatusServiceUnavailable && fe.RetryAfter > 0:
		return "wait"
	case s >= 500:
		return "broken"
	}
	return "unreadable"
}
