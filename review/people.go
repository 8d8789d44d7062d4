package review

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"driftwatch/news"
)

// settingsForm is what the settings show.
type settingsForm struct {
	User  news.User
	Says  string
	Done  bool
	Roles []news.Role

	Tokens []tokenLine
	Token  string       // one that was just made, shown this once
	Scopes []news.Scope // that a token of the visitor's may have
}

// showSettings shows the settings with the visitor's tokens.
func (v *visit) showSettings(status int, form settingsForm) error {
	var err error
	if form.Tokens, err = v.tokenLines(); err != nil {
		return err
	}
	for _, s := range news.Scopes {
		if v.user.Role.May(s.Role()) {
			form.Scopes = append(form.Scopes, s)
		}
	}
	return v.render(status, "settings", form)
}

func (v *visit) settingsPage() error {
	return v.showSettings(http.StatusOK, settingsForm{User: v.user, Done: v.r.URL.Query().Has("saved")})
}

// settings changes what is in the form, and leaves the rest: the links below the
// navigation change one thing.
func (v *visit) settings() error {
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	form := v.r.PostForm
	u := v.user
	if form.Has("lang") {
		u.Lang = form.Get("lang")
	}
	if form.Has("look") {
		u.Look = form.Get("look")
	}
	if form.Has("zone") {
		u.Zone = strings.TrimSpace(form.Get("zone"))
		u.Keys = form.Get("keys") == "1"
	}
	if _, err := time.LoadLocation(u.Zone); err != nil || u.Zone == "Local" {
		return v.showSettings(http.StatusUnprocessableEntity, settingsForm{User: u, Says: v.t("There is no such time zone.")})
	}
	if u.Lang != "" && !slices.Contains(Languages, u.Lang) || !slices.Contains([]string{"", "light", "dark"}, u.Look) {
		return problem(http.StatusUnprocessableEntity, "There is no such page.")
	}
	_, err := v.People.ChangeUser(v.r.Context(), u.ID, func(n *news.User) error {
		n.Lang, n.Look, n.Zone, n.Keys = u.Lang, u.Look, u.Zone, u.Keys
		return nil
	})
	if err != nil {
		return err
	}
	return v.to(local(form.Get("back"), "/settings?saved"))
}

func (v *visit) changePassword() error {
	before, after := v.r.PostFormValue("before"), v.r.PostFormValue("password")
	form := settingsForm{User: v.user}
	if wait := v.gate.wait(v.user.Name, v.from); wait > 0 {
		form.Says = v.t("Too many tries. Wait %d minutes, then try again.", int(wait/time.Minute)+1)
		return v.showSettings(http.StatusTooManyRequests, form)
	}
	if !v.same(v.user.Password, before) {
		v.gate.failed(v.user.Name, v.from)
		form.Says = v.t("The present password is another.")
		return v.showSettings(http.StatusUnprocessableEntity, form)
	}
	if CheckPassword(after) != nil {
		form.Says = v.t("A password has 10 to 200 characters.")
		return v.showSettings(http.StatusUnprocessableEntity, form)
	}
	hash, err := HashPassword(after)
	if err != nil {
		return err
	}
	u, err := v.People.ChangeUser(v.r.Context(), v.user.ID, func(n *news.User) error { n.Password = hash; return nil })
	if err != nil {
		return err
	}
	if err := v.did("user.passwd", "user "+u.Name, ""); err != nil {
		return err
	}
	if err := v.signIn(u); err != nil { // the others of this user's sessions end
		return err
	}
	return v.to("/settings?saved")
}

// usersView is what the page of the users shows.
type usersView struct {
	Users []userLine
	Roles []news.Role
	Name  string // as typed
	Role  news.Role
	Says  string
}

type userLine struct {
	news.User
	Since Moment
	Me    bool
}

func (v *visit) usersPage() error {
	return v.showUsers(http.StatusOK, usersView{Role: news.RoleAnalyst})
}

func (v *visit) showUsers(status int, view usersView) error {
	all, err := v.People.Users(v.r.Context())
	if err != nil {
		return err
	}
	view.Roles = news.Roles
	for _, u := range all {
		view.Users = append(view.Users, userLine{u, v.moment(u.Created), u.ID == v.user.ID})
	}
	return v.render(status, "users", view)
}

func (v *visit) addUser() error {
	view := usersView{Name: strings.ToLower(strings.TrimSpace(v.r.PostFormValue("name"))), Role: news.Role(v.r.PostFormValue("role"))}
	password := v.r.PostFormValue("password")
	switch {
	case CheckUserName(view.Name) != nil:
		view.Says = v.t("A user's name has 1 to 32 of: a-z, 0-9, dot, dash, underscore, @.")
	case !slices.Contains(news.Roles, view.Role):
		view.Says = v.t("There is no such role.")
	case CheckPassword(password) != nil:
		view.Says = v.t("A password has 10 to 200 characters.")
	}
	if view.Says != "" {
		return v.showUsers(http.StatusUnprocessableEntity, view)
	}
	hash, err := HashPassword(password)
	if err != nil {
		return err
	}
	u, err := v.People.AddUser(v.r.Context(), news.User{Name: view.Name, Role: view.Role, Password: hash, Keys: true, Created: v.now}, false)
	if v.Exists(err) {
		view.Says = v.t("There is a user of that name.")
		return v.showUsers(http.StatusConflict, view)
	}
	if err != nil {
		return err
	}
	if err := v.did("user.add", "user "+u.Name, string(u.Role)); err != nil {
		return err
	}
	return v.to("/users")
}

// changeUser changes a user's role, access or password, or ends the user's sessions.
func (v *visit) changeUser() error {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return problem(http.StatusNotFound, "There is no such page.")
	}
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	form := v.r.PostForm
	var word, note string
	var change func(*news.User) error
	switch {
	case form.Has("role"):
		role := news.Role(form.Get("role"))
		if !slices.Contains(news.Roles, role) {
			return v.showUsers(http.StatusUnprocessableEntity, usersView{Says: v.t("There is no such role.")})
		}
		word, note, change = "user.role", string(role), func(u *news.User) error { u.Role = role; return nil }
	case form.Has("disabled"):
		off := form.Get("disabled") == "1"
		word, change = "user.enable", func(u *news.User) error { u.Disabled = off; return nil }
		if off {
			word = "user.disable"
		}
	case form.Has("sessions"):
		word, change = "user.sessions", func(u *news.User) error { u.Epoch++; return nil }
	case form.Has("password"):
		if CheckPassword(form.Get("password")) != nil {
			return v.showUsers(http.StatusUnprocessableEntity, usersView{Says: v.t("A password has 10 to 200 characters.")})
		}
		hash, err := HashPassword(form.Get("password"))
		if err != nil {
			return err
		}
		word, change = "user.passwd", func(u *news.User) error { u.Password = hash; return nil }
	default:
		return problem(http.StatusUnprocessableEntity, "There is no such page.")
	}
	u, err := v.People.ChangeUser(v.r.Context(), id, change)
	if v.LastAdmin(err) {
		return v.showUsers(http.StatusConflict, usersView{Says: v.t("This is the last admin.")})
	}
	if err != nil {
		return err
	}
	if err := v.did(word, "user "+u.Name, note); err != nil {
		return err
	}
	return v.to("/users")
}

// auditView is what the audit log shows.
type auditView struct {
	Entries []auditLine
	Filter  news.AuditFilter
	Older   string // the address of the entries before these; empty: there are none
	Export  string
}

type auditLine struct {
	news.Audited
	When Moment
}

// auditShown is how many entries a page of the audit log has.
const auditShown = 100

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
	view := auditView{Filter: f, Export: "/audit/export?" + q.Encode()}
	if len(entries) > auditShown {
		entries = entries[:auditShown]
		q.Set("before", strconv.FormatInt(entries[auditShown-1].ID, 10))
		view.Older = "/audit?" + q.Encode()
	}
	for _, e := range entries {
		view.Entries = append(view.Entries, auditLine{e, v.moment(e.At)})
	}
	return v.render(http.StatusOK, "audit", view)
}
