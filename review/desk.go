package review

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"driftwatch/news"
)

// People is where the users, their sessions and their views are kept, and what
// they did. Its methods are those of the same names of the store.
type People interface {
	Users(ctx context.Context) ([]news.User, error)
	User(ctx context.Context, id int64) (news.User, error)
	UserNamed(ctx context.Context, name string) (news.User, error)
	AddUser(ctx context.Context, u news.User, first bool) (news.User, error)
	ChangeUser(ctx context.Context, id int64, change func(*news.User) error) (news.User, error)
	Session(ctx context.Context, token string, now time.Time) (data []byte, found bool, err error)
	PutSession(ctx context.Context, token string, data []byte, expires, now time.Time) error
	RemoveSession(ctx context.Context, token string) error
	AddToken(ctx context.Context, t news.Token) (news.Token, error)
	Tokens(ctx context.Context, user int64) ([]news.Token, error)
	TokenHashed(ctx context.Context, hash string) (news.Token, error)
	RevokeToken(ctx context.Context, user, id int64, at time.Time) error
	SavedViews(ctx context.Context, user int64) ([]news.SavedView, error)
	PutSavedView(ctx context.Context, v news.SavedView) error
	RemoveSavedView(ctx context.Context, user, id int64) error
	AddAudit(ctx context.Context, e news.Audited) error
	Audit(ctx context.Context, f news.AuditFilter) ([]news.Audited, error)
}

// Stories is what was flagged, and what analysts say of it. Its methods are those
// of the same names of the store.
type Stories interface {
	Inbox(ctx context.Context, f news.InboxFilter) (news.Inbox, error)
	StoryFiles(ctx context.Context, stories []int64) ([]news.StoryFile, error)
	FillLeads(ctx context.Context, leads []news.Lead) error
	StoryChanges(ctx context.Context, after int64) (stories []int64, now int64, err error)
	Revisions(ctx context.Context, article int64) ([]news.Revision, error)
	JudgeStories(ctx context.Context, stories []int64, v news.Verdict) (act int64, err error)
	JudgeHit(ctx context.Context, v news.Verdict) (act int64, err error)
	TakeBack(ctx context.Context, act int64, by string, at time.Time) (stories []int64, err error)
	JudgedSince(ctx context.Context, since time.Time) (map[string]int, error)
	AddRemark(ctx context.Context, r news.Remark) error
	Remarks(ctx context.Context, story int64) ([]news.Remark, error)
	AddMiss(ctx context.Context, m news.Miss) (int64, error)
	// Story gives a story by its number, or by one of those merged into it.
	Story(ctx context.Context, id int64) (news.Story, error)
}

// Shape changes which articles make a story; the errors say in a sentence why not.
type Shape interface {
	Merge(ctx context.Context, into, other int64, by, why string) error
	Split(ctx context.Context, story int64, articles []int64, by, why string) (int64, error)
}

// Options are what a desk is made of.
type Options struct {
	People  People
	Shape   Shape
	Stories Stories
	Library Library
	Drift   Drift
	Sources Sources
	Outlets func() map[string]string                                        // the sources' names, by id, as they are now
	Told    func(ctx context.Context, story int64) ([]news.Delivery, error) // what was sent of a story
	Signal  func(id string) Signal                                          // what the rules say of a signal
	Signals func() []SignalName                                             // the signals of the rules, by theme
	// Called says what persons, bodies and places are called, by id, in a language where
	// that is known. Those that nobody knows are left out; nil: nobody knows any.
	Called  func(ctx context.Context, ids []string, lang string) (map[string]string, error)
	Missing func(error) bool // reports whether an error says that something isn't there
	Exists  func(error) bool // reports whether an error says that something is there already
	// LastAdmin reports whether an error says that nobody would be left to let others in.
	LastAdmin func(error) bool
	// Accepted reports whether an error says that a channel has accepted a delivery.
	Accepted func(error) bool
	// InboxRead and DriftRead wait until the stories of the inbox and of the drift have
	// been read, which takes long after some starts, or until the context ends, and say
	// which part of them was: 1 where that are all. nil: they are.
	InboxRead, DriftRead func(context.Context) float64
	Pulse                func(context.Context) (Pulse, error)
	Health               func(context.Context) (Health, error)

	Rules   Rulebook
	Outbox  Outbox
	Archive Archive
	Data    Data            // what only the API tells
	Life    context.Context // ends when the desk does; nil: never

	Version string
	Now     func() time.Time
	Zone    *time.Location // of users who chose none
	Log     *slog.Logger

	Base    string         // the address under which people reach the desk, without a slash at its end; empty: as asked for
	Hosts   []string       // the names that it answers to, with or without a port; empty: all
	Secure  bool           // cookies only over TLS
	Header  string         // in which a proxy names the user; empty: none does
	Proxies []netip.Prefix // the proxies whose headers count
}

// Pulse is what stands on every page: how much of the press is being read.
type Pulse struct {
	Sources int // enabled
	Read    int // of these, those whose last poll went well
	Failing int
	Last    time.Time // end of the last cycle; zero: none yet
}

// Desk serves the pages. Make it with [New].
type Desk struct {
	Options
	sessions *scs.SessionManager
	pages    map[string]map[string]*page // by language and name
	static   map[string]*staticFile
	routes   []route
	links    links
	feed     feed
	tests    ruleTests
	callers  callers
	gate     *gate
	same     func(encoded, password string) bool
	spare    string // a hash that no password has, so that an unknown name takes as long as a known one
	handler  http.Handler
}

// New makes a desk.
func New(o Options) (*Desk, error) {
	d := &Desk{Options: o, static: staticFiles(), gate: newGate(o.Now), same: samePassword}
	d.links.now = o.Now
	var err error
	if d.spare, err = HashPassword("nobody has this password"); err != nil {
		return nil, err
	}
	if d.pages, err = d.parse(); err != nil {
		return nil, fmt.Errorf("read the desk's pages: %w", err)
	}
	d.sessions = d.newSessions()
	d.routes = d.table()
	d.handler, err = d.build()
	return d, err
}

// ServeHTTP implements http.Handler.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.handler.ServeHTTP(w, r) }

// visit is one request, and who makes it.
type visit struct {
	*Desk
	w    http.ResponseWriter
	r    *http.Request
	user news.User // zero: nobody is signed in
	lang string    // of the interface
	zone *time.Location
	now  time.Time
	from string // the address that the request came from

	byProxy bool // a trusted proxy names the user: there is no session to end

	api   bool       // it asks the API
	token news.Token // with which it does
}

// route is one address of the desk.
type route struct {
	pattern string     // of http.ServeMux
	least   news.Role  // may ask for it; empty: everybody, or of the API whom the scope allows
	scope   news.Scope // of the token that an address of the API needs; empty: it is a page
	serve   func(*visit) error
	nav     string // how the navigation names it; empty: it isn't there
	gap     bool   // a gap before it in the navigation
}

// table lists all addresses in the order of the navigation.
func (d *Desk) table() []route {
	return []route{
		{pattern: "GET /{$}", serve: (*visit).home},
		{pattern: "GET /static/{name}", serve: (*visit).file},
		{pattern: "GET /login", serve: (*visit).loginPage},
		{pattern: "POST /login", serve: (*visit).login},
		{pattern: "GET /link/{token}", serve: (*visit).linkPage},
		{pattern: "POST /link/{token}", serve: (*visit).useLink},
		{pattern: "POST /logout", least: news.RoleReader, serve: (*visit).logout},
		{pattern: "POST /settings", least: news.RoleReader, serve: (*visit).settings},
		{pattern: "GET /settings", least: news.RoleReader, serve: (*visit).settingsPage},
		{pattern: "POST /settings/password", least: news.RoleReader, serve: (*visit).changePassword},
		{pattern: "GET /inbox", least: news.RoleReader, serve: (*visit).inboxPage, nav: "Inbox"},
		{pattern: "GET /inbox/export", least: news.RoleReader, serve: (*visit).exportInbox},
		{pattern: "GET /inbox/events", least: news.RoleReader, serve: (*visit).events},
		{pattern: "GET /inbox/rows/{id}", least: news.RoleReader, serve: (*visit).inboxRow},
		{pattern: "GET /inbox/keys", least: news.RoleReader, serve: (*visit).keysPage},
		{pattern: "POST /inbox/judge", least: news.RoleAnalyst, serve: (*visit).judgeRows},
		{pattern: "POST /inbox/undo", least: news.RoleAnalyst, serve: (*visit).undo},
		{pattern: "POST /inbox/views", least: news.RoleReader, serve: (*visit).saveView},
		{pattern: "POST /inbox/views/{id}/remove", least: news.RoleReader, serve: (*visit).removeView},
		{pattern: "GET /stories/{id}", least: news.RoleReader, serve: (*visit).storyPage},
		{pattern: "GET /stories/{id}/said", least: news.RoleReader, serve: (*visit).storySaid},
		{pattern: "GET /stories/{id}/articles/{article}", least: news.RoleReader, serve: (*visit).articlePage},
		{pattern: "GET /stories/{id}/articles/{article}/copies/{n}", least: news.RoleReader, serve: (*visit).sendCopy},
		{pattern: "POST /stories/{id}/notes", least: news.RoleAnalyst, serve: (*visit).addRemark},
		{pattern: "POST /stories/{id}/split", least: news.RoleAnalyst, serve: (*visit).split},
		{pattern: "POST /stories/{id}/merge", least: news.RoleAnalyst, serve: (*visit).merge},
		{pattern: "POST /stories/{id}/miss", least: news.RoleAnalyst, serve: (*visit).addMiss},
		{pattern: "POST /hits/{id}/judge", least: news.RoleAnalyst, serve: (*visit).judgeHit},
		{pattern: "GET /search", least: news.RoleReader, serve: (*visit).searchPage, nav: "Search"},
		{pattern: "GET /search/export", least: news.RoleReader, serve: (*visit).exportSearch},
		{pattern: "GET /drift", least: news.RoleReader, serve: (*visit).driftPage, nav: "Drift"},
		{pattern: "GET /drift.svg", least: news.RoleReader, serve: (*visit).driftFile},
		{pattern: "GET /drift.png", least: news.RoleReader, serve: (*visit).driftFile},
		{pattern: "GET /drift.csv", least: news.RoleReader, serve: (*visit).driftFile},
		{pattern: "GET /drift.jsonl", least: news.RoleReader, serve: (*visit).driftFile},
		{pattern: "GET /sources", least: news.RoleReader, serve: (*visit).sourcesPage, nav: "Sources", gap: true},
		{pattern: "GET /sources/export", least: news.RoleReader, serve: (*visit).exportSources},
		{pattern: "GET /sources.opml", least: news.RoleReader, serve: (*visit).opmlOut},
		{pattern: "POST /sources/opml", least: news.RoleAuthor, serve: (*visit).opmlIn},
		{pattern: "POST /sources/look", least: news.RoleAuthor, serve: (*visit).lookAtSource},
		{pattern: "POST /sources/add", least: news.RoleAuthor, serve: (*visit).addSource},
		{pattern: "POST /sources/{id}/poll", least: news.RoleAuthor, serve: (*visit).pollSource},
		{pattern: "POST /sources/{id}/pause", least: news.RoleAuthor, serve: (*visit).pauseSource},
		{pattern: "GET /briefing", least: news.RoleReader, serve: (*visit).briefing},
		{pattern: "GET /rules", least: news.RoleReader, serve: (*visit).rulesPage, nav: "Rules"},
		{pattern: "GET /rules/export", least: news.RoleReader, serve: (*visit).exportRules},
		{pattern: "GET /rules/signals/{id}", least: news.RoleReader, serve: (*visit).signalPage},
		{pattern: "GET /rules/files/{id...}", least: news.RoleReader, serve: (*visit).ruleFilePage},
		{pattern: "GET /rules/history", least: news.RoleReader, serve: (*visit).ruleHistory},
		{pattern: "GET /rules/edit", least: news.RoleAuthor, serve: (*visit).editPage},
		{pattern: "POST /rules/edit", least: news.RoleAuthor, serve: (*visit).editRule},
		{pattern: "GET /rules/tests/{id}", least: news.RoleAuthor, serve: (*visit).ruleTestPage},
		{pattern: "GET /deliveries", least: news.RoleReader, serve: (*visit).deliveriesPage, nav: "Deliveries"},
		{pattern: "GET /deliveries/export", least: news.RoleReader, serve: (*visit).exportDeliveries},
		{pattern: "GET /deliveries/{id}", least: news.RoleReader, serve: (*visit).deliveryPage},
		{pattern: "POST /deliveries", least: news.RoleAuthor, serve: (*visit).changeDeliveries},
		{pattern: "GET /silences", least: news.RoleReader, serve: (*visit).silencesPage, nav: "Silences"},
		{pattern: "GET /silences/export", least: news.RoleReader, serve: (*visit).exportSilences},
		{pattern: "POST /silences", least: news.RoleAnalyst, serve: (*visit).addSilence},
		{pattern: "POST /silences/{id}/end", least: news.RoleAnalyst, serve: (*visit).endSilence},
		{pattern: "POST /settings/tokens", least: news.RoleReader, serve: (*visit).addToken},
		{pattern: "POST /settings/tokens/{id}/revoke", least: news.RoleReader, serve: (*visit).revokeToken},
		{pattern: "GET /api/v1/stories", scope: news.ScopeRead, serve: (*visit).apiStories},
		{pattern: "GET /api/v1/stories/{id}", scope: news.ScopeRead, serve: (*visit).apiStory},
		{pattern: "GET /api/v1/hits", scope: news.ScopeRead, serve: (*visit).apiHits},
		{pattern: "POST /api/v1/verdicts", scope: news.ScopeJudge, serve: (*visit).apiJudge},
		{pattern: "GET /api/v1/sources", scope: news.ScopeRead, serve: (*visit).apiSources},
		{pattern: "GET /api/v1/drift", scope: news.ScopeRead, serve: (*visit).apiDrift},
		{pattern: "GET /api/v1/deliveries", scope: news.ScopeRead, serve: (*visit).apiDeliveries},
		{pattern: "DELETE /api/v1/verdicts/{id}", scope: news.ScopeJudge, serve: (*visit).apiTakeBack},
		{pattern: "GET /api/v1/stories/{id}/articles/{article}", scope: news.ScopeRead, serve: (*visit).apiArticle},
		{pattern: "POST /api/v1/stories/{id}/notes", scope: news.ScopeJudge, serve: (*visit).apiNote},
		{pattern: "POST /api/v1/stories/{id}/misses", scope: news.ScopeJudge, serve: (*visit).apiMiss},
		{pattern: "POST /api/v1/stories/{id}/split", scope: news.ScopeJudge, serve: (*visit).apiSplit},
		{pattern: "POST /api/v1/stories/{id}/merge", scope: news.ScopeJudge, serve: (*visit).apiMerge},
		{pattern: "GET /api/v1/search", scope: news.ScopeRead, serve: (*visit).apiSearch},
		{pattern: "GET /api/v1/silences", scope: news.ScopeRead, serve: (*visit).apiSilences},
		{pattern: "POST /api/v1/silences", scope: news.ScopeJudge, serve: (*visit).apiSilence},
		{pattern: "DELETE /api/v1/silences/{id}", scope: news.ScopeJudge, serve: (*visit).apiEndSilence},
		{pattern: "POST /api/v1/deliveries", scope: news.ScopeManage, serve: (*visit).apiMoveDeliveries},
		{pattern: "POST /api/v1/sources", scope: news.ScopeManage, serve: (*visit).apiAddSource},
		{pattern: "POST /api/v1/sources/look", scope: news.ScopeManage, serve: (*visit).apiLook},
		{pattern: "POST /api/v1/sources/{id}/{do}", scope: news.ScopeManage, serve: (*visit).apiSource},
		{pattern: "GET /api/v1/signals", scope: news.ScopeRead, serve: (*visit).apiSignals},
		{pattern: "GET /api/v1/signals/{id}", scope: news.ScopeRead, serve: (*visit).apiSignal},
		{pattern: "GET /api/v1/rules/history", scope: news.ScopeRead, serve: (*visit).apiHistory},
		{pattern: "GET /api/v1/rules/files/{id...}", scope: news.ScopeRead, serve: (*visit).apiRuleFile},
		{pattern: "PUT /api/v1/rules/files/{id...}", scope: news.ScopeManage, serve: (*visit).apiSaveRule},
		{pattern: "POST /api/v1/rules/check", scope: news.ScopeManage, serve: (*visit).apiCheckRule},
		{pattern: "GET /api/v1/deliveries/{id}", scope: news.ScopeRead, serve: (*visit).apiDelivery},
		{pattern: "GET /api/v1/sources/opml", scope: news.ScopeRead, serve: (*visit).apiOPML},
		{pattern: "POST /api/v1/sources/opml", scope: news.ScopeManage, serve: (*visit).apiAddOPML},
		{pattern: "POST /api/v1/rules/tests", scope: news.ScopeManage, serve: (*visit).apiTryRule},
		{pattern: "GET /api/v1/rules/tests/{id}", scope: news.ScopeManage, serve: (*visit).apiTried},
		{pattern: "GET /api/v1/views", scope: news.ScopeRead, serve: (*visit).apiViews},
		{pattern: "POST /api/v1/views", scope: news.ScopeJudge, serve: (*visit).apiSaveView},
		{pattern: "DELETE /api/v1/views/{id}", scope: news.ScopeJudge, serve: (*visit).apiRemoveView},
		{pattern: "GET /api/v1/tokens", scope: news.ScopeRead, serve: (*visit).apiTokens},
		{pattern: "POST /api/v1/tokens", scope: news.ScopeManage, serve: (*visit).apiAddToken},
		{pattern: "DELETE /api/v1/tokens/{id}", scope: news.ScopeManage, serve: (*visit).apiRevokeToken},
		{pattern: "GET /api/v1/users", scope: news.ScopeRead, least: news.RoleAdmin, serve: (*visit).apiUsers},
		{pattern: "POST /api/v1/users", scope: news.ScopeManage, least: news.RoleAdmin, serve: (*visit).apiAddUser},
		{pattern: "POST /api/v1/users/{id}", scope: news.ScopeManage, least: news.RoleAdmin, serve: (*visit).apiChangeUser},
		{pattern: "GET /api/v1/audit", scope: news.ScopeRead, least: news.RoleAdmin, serve: (*visit).apiAudit},
		{pattern: "/api/", scope: news.ScopeRead, serve: (*visit).apiNothing},
		{pattern: "GET /audit", least: news.RoleAdmin, serve: (*visit).auditPage, nav: "Audit log", gap: true},
		{pattern: "GET /audit/export", least: news.RoleAdmin, serve: (*visit).exportAudit},
		{pattern: "GET /users", least: news.RoleAdmin, serve: (*visit).usersPage, nav: "Users"},
		{pattern: "GET /users/export", least: news.RoleAdmin, serve: (*visit).exportUsers},
		{pattern: "POST /users", least: news.RoleAdmin, serve: (*visit).addUser},
		{pattern: "POST /users/{id}", least: news.RoleAdmin, serve: (*visit).changeUser},
		{pattern: "GET /about", least: news.RoleReader, serve: (*visit).aboutPage, nav: "About"},
	}
}

// build puts the addresses behind what every request passes: the name asked for,
// the headers of safety, where it comes from, the session, and the role.
func (d *Desk) build() (http.Handler, error) {
	mux := http.NewServeMux()
	for _, r := range d.routes {
		mux.Handle(r.pattern, d.serve(r))
	}
	mux.Handle("/", d.serve(route{serve: func(*visit) error { return problem(http.StatusNotFound, "There is no such page.") }}))
	origin := http.NewCrossOriginProtection()
	if d.Base != "" {
		u, err := url.Parse(d.Base)
		if err != nil {
			return nil, err
		}
		if err := origin.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, err
		}
	}
	origin.SetDenyHandler(d.serve(route{serve: func(*visit) error {
		return problem(http.StatusForbidden, "This came from another site's page, so nothing was done.")
	}}))
	bounded := http.MaxBytesHandler(d.sessions.LoadAndSave(origin.Handler(mux)), maxBody)
	return d.safe(zipped(bounded)), nil
}

// maxBody is how much of a request's body is read, in bytes.
const maxBody = 1 << 20

// serve is one address as a handler: it finds out who asks and whether they may.
func (d *Desk) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Desk: d, w: w, r: r, now: d.Now(), from: d.client(r), zone: d.Zone, api: rt.scope != "" || strings.HasPrefix(r.URL.Path, "/api/")}
		v.lang = languageOf(r, "")
		identify, allowed := v.identify, func() error { return v.allowed(rt.least) }
		if rt.scope != "" {
			identify, allowed = v.identifyCaller, func() error { return v.scoped(rt.scope, rt.least) }
		}
		err := identify()
		if err == nil {
			err = allowed()
		}
		if err == nil {
			err = v.readForm()
		}
		if err == nil && rt.nav != "" && v.untidy() {
			return
		}
		if err == nil {
			err = rt.serve(v)
		}
		if err != nil {
			v.fault(err)
		}
	})
}

// untidy sends on to the address without the empty fields and the button that a form
// of a page without script leaves in it; false: there is nothing to leave out.
func (v *visit) untidy() bool {
	query := v.r.URL.RawQuery
	cleared := ""
	if q := v.r.URL.Query(); q.Has("clear") {
		cleared = q.Get("clear")
	}
	var kept []string
	for _, pair := range strings.Split(query, "&") {
		key, value, is := strings.Cut(pair, "=")
		if is && value == "" || key == "clear" || cleared != "" && key == cleared {
			continue
		}
		kept = append(kept, pair)
	}
	tidy := strings.Join(kept, "&")
	if tidy == query || v.r.Method != http.MethodGet {
		return false
	}
	http.Redirect(v.w, v.r, addressOf(v.r.URL.Path, tidy), http.StatusSeeOther)
	return true
}

// addressOf is a path with what stands behind the question mark, where there is
// anything.
func addressOf(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// also is an address with one more pair behind its question mark.
func also(address, pair string) string {
	path, query, _ := strings.Cut(address, "?")
	return path + "?" + strings.TrimPrefix(query+"&"+pair, "&")
}

// readForm reads what a page's form sends, so that no address goes by a part of what
// is too long; an uploaded file is read where it is asked for.
func (v *visit) readForm() error {
	if v.api || v.r.Method != http.MethodPost || strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/") {
		return nil
	}
	err := v.r.ParseForm()
	var tooBig *http.MaxBytesError
	if err == nil || errors.As(err, &tooBig) {
		return err
	}
	return problem(http.StatusBadRequest, "What was sent can't be read.")
}

// allowed reports what keeps the visitor from an address that needs a role.
func (v *visit) allowed(least news.Role) error {
	switch {
	case least == "":
		return nil
	case v.user.ID == 0:
		return errSignIn
	case !v.user.Role.May(least):
		return problem(http.StatusForbidden, "Your role doesn't allow this.")
	}
	return nil
}

// errSignIn sends the visitor to the login.
var errSignIn = errors.New("sign in first")

// fault is an error with a sentence for the visitor.
type fault struct {
	status int
	says   string // a key of the catalogue
	args   []any
}

func (f *fault) Error() string { return fmt.Sprintf(f.says, f.args...) }

// problem makes a fault.
func problem(status int, says string, args ...any) error { return &fault{status, says, args} }

// fault answers a request that failed.
func (v *visit) fault(err error) {
	var f *fault
	var tooBig *http.MaxBytesError
	var no *Refused
	switch {
	case errors.Is(err, errSignIn):
		v.toLogin()
		return
	case errors.As(err, &f):
	case v.api && errors.As(err, &no):
		f = &fault{http.StatusUnprocessableEntity, "%s", []any{no.Why}}
	case errors.Is(err, ErrNoRule):
		f = &fault{http.StatusNotFound, "There is no such page.", nil}
	case errors.As(err, &tooBig):
		f = &fault{http.StatusRequestEntityTooLarge, "That is more than the desk takes at once.", nil}
	case v.Missing != nil && v.Missing(err):
		f = &fault{http.StatusNotFound, "There is no such page.", nil}
	case errors.Is(err, context.Canceled):
		return
	default:
		v.Log.Error("page failed", "page", v.r.URL.Path, "problem", err)
		f = &fault{http.StatusInternalServerError, "Something failed here; the log says what.", nil}
	}
	if v.api {
		v.refuse(f)
		return
	}
	page := faultPage{Status: f.status, Says: v.t(f.says, f.args...), Back: "/"}
	if form, typed := v.kept(); typed {
		page.Kept = &form
	}
	if v.r.Method == http.MethodPost {
		page.Back = v.cameFrom()
	}
	v.render(f.status, "fault", page)
}

// faultPage is what the page of an error shows.
type faultPage struct {
	Status int
	Says   string
	Back   string
	Kept   *keptForm // what was typed into the form that failed; nil: nothing
}

// toLogin sends somebody who isn't signed in to the login, and back later. A part
// of a page that a script asks for can't show a login, so the whole page goes. What
// was typed by somebody whose session ended meanwhile goes along.
func (v *visit) toLogin() {
	form, typed := v.kept()
	if typed && !v.partial() {
		v.render(http.StatusUnauthorized, "login", loginForm{Kept: &form, Says: v.t(sessionEnded)})
		return
	}
	query := url.Values{}
	switch next := v.cameFrom(); {
	case v.partial() && next != "/":
		query.Set("next", next)
	case v.r.Method == http.MethodGet && v.r.URL.Path != "/":
		query.Set("next", v.r.URL.RequestURI())
	}
	if _, err := v.r.Cookie(v.sessions.Cookie.Name); err == nil {
		query.Set("ended", "1")
	}
	to := addressOf("/login", query.Encode())
	if v.partial() {
		v.w.Header().Set("HX-Redirect", to)
		v.w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
}

// partial reports whether a script asks for a part of a page.
func (v *visit) partial() bool { return v.r.Header.Get("HX-Request") == "true" }

// to sends the visitor to another page of the desk.
func (v *visit) to(path string) error {
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// local is a path of the desk that may come from an address or a form, or
// otherwise; nothing that a browser could take for another server passes.
func local(path, otherwise string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(path, "/") ||
		strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return otherwise
	}
	return path
}

// did writes the audit log.
func (v *visit) did(what, on, note string) error {
	if v.token.ID != 0 {
		note = strings.TrimPrefix(fmt.Sprintf("%s, by token %d", note, v.token.ID), ", ")
	}
	return v.People.AddAudit(v.r.Context(), news.Audited{At: v.now, By: v.user.Name, From: v.from, Did: what, On: on, Note: note})
}

// home goes to the page that a user begins with.
func (v *visit) home() error {
	if v.user.ID == 0 {
		return errSignIn
	}
	return v.to(v.first())
}

// first is the first page of the navigation.
func (v *visit) first() string {
	for _, r := range v.routes {
		if r.nav != "" && v.user.Role.May(r.least) {
			return pathOf(r.pattern)
		}
	}
	return "/about"
}

// pathOf is the address in a pattern of http.ServeMux.
func pathOf(pattern string) string {
	_, path, _ := strings.Cut(pattern, " ")
	return path
}
