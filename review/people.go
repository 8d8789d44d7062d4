package review

import (
	"errors"
	"net/http"
	"slices"
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
		form.Says = count(v.lang, "Too many tries. Wait %d minute, then try again.|Too many tries. Wait %d minutes, then try again.", int(wait/time.Minute)+1)
		return v.showSettings(http.StatusTooManyRequests, form)
	}
	if v.user.Password == "" {
		return problem(http.StatusConflict, noPassword)
	}
	if !v.same(v.user.Password, before) {
		v.gate.failed(v.user.Name, v.from)
		form.Says = v.t("The present password is another.")
		return v.showSettings(http.StatusUnprocessableEntity, form)
	}
	if CheckPassword(after) != nil {
		form.Says = v.t(passwordLength)
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
	view := usersView{Name: userName(v.r.PostFormValue("name")), Role: news.Role(v.r.PostFormValue("role"))}
	if _, err := v.keepUser(view.Name, view.Role, v.r.PostFormValue("password")); err != nil {
		return v.usersFault(err, view)
	}
	return v.to("/users")
}

// usersFault shows the users again with why something wasn't done; other errors pass.
func (v *visit) usersFault(err error, view usersView) error {
	var f *fault
	if !errors.As(err, &f) || f.status == http.StatusNotFound {
		return err
	}
	view.Says = v.t(f.says, f.args...)
	return v.showUsers(f.status, view)
}

// userName is a name as it is kept.
func userName(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }

// What is wrong with a role or a password.
const (
	noSuchRole     = "There is no such role."
	passwordLength = "A password has 10 to 200 characters."
	noPassword     = "You have no password. An admin can give you one."
)

// keepUser adds a user.
func (v *visit) keepUser(name string, role news.Role, password string) (news.User, error) {
	switch {
	case CheckUserName(name) != nil:
		return news.User{}, problem(http.StatusUnprocessableEntity, "A user's name has 1 to 32 of: a-z, 0-9, dot, dash, underscore, @.")
	case !slices.Contains(news.Roles, role):
		return news.User{}, problem(http.StatusUnprocessableEntity, noSuchRole)
	case CheckPassword(password) != nil:
		return news.User{}, problem(http.StatusUnprocessableEntity, passwordLength)
	}
	hash, err := HashPassword(password)
	if err != nil {
		return news.User{}, err
	}
	u, err := v.People.AddUser(v.r.Context(), news.User{Name: name, Role: role, Password: hash, Keys: true, Created: v.now}, false)
	if v.Exists(err) {
		return u, problem(http.StatusConflict, "There is a user of that name.")
	}
	if err != nil {
		return u, err
	}
	return u, v.did("user.add", "user "+u.Name, string(u.Role))
}

// changeUser changes a user's role, access or password, or ends the user's sessions.
func (v *visit) changeUser() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	form := v.r.PostForm
	var c userChange
	if form.Has("role") {
		role := news.Role(form.Get("role"))
		c.Role = &role
	}
	if form.Has("disabled") {
		off := form.Get("disabled") == "1"
		c.Disabled = &off
	}
	if form.Has("password") {
		password := form.Get("password")
		c.Password = &password
	}
	c.EndSessions = form.Has("sessions")
	if _, err := v.alterUser(id, c); err != nil {
		return v.usersFault(err, usersView{Role: news.RoleAnalyst})
	}
	return v.to("/users")
}

// userChange is what is to become of a user; what is nil stays.
type userChange struct {
	Role        *news.Role `json:"role"`
	Disabled    *bool      `json:"disabled"`
	Password    *string    `json:"password"`
	EndSessions bool       `json:"end_sessions"`
}

// userAct is one change of a user, with its word and note for the audit log.
type userAct struct {
	word, note string
	change     func(*news.User)
}

// acts are the changes one by one.
func (c userChange) acts() ([]userAct, error) {
	var out []userAct
	if c.Role != nil {
		if !slices.Contains(news.Roles, *c.Role) {
			return nil, problem(http.StatusUnprocessableEntity, noSuchRole)
		}
		out = append(out, userAct{"user.role", string(*c.Role), func(u *news.User) { u.Role = *c.Role }})
	}
	if c.Disabled != nil {
		word := "user.enable"
		if *c.Disabled {
			word = "user.disable"
		}
		out = append(out, userAct{word, "", func(u *news.User) { u.Disabled = *c.Disabled }})
	}
	if c.EndSessions {
		out = append(out, userAct{"user.sessions", "", func(u *news.User) { u.Epoch++ }})
	}
	if c.Password != nil {
		if CheckPassword(*c.Password) != nil {
			return nil, problem(http.StatusUnprocessableEntity, passwordLength)
		}
		hash, err := HashPassword(*c.Password)
		if err != nil {
			return nil, err
		}
		out = append(out, userAct{"user.passwd", "", func(u *news.User) { u.Password = hash }})
	}
	if len(out) == 0 {
		return nil, problem(http.StatusUnprocessableEntity, "Say what is to change.")
	}
	return out, nil
}

// alterUser changes a user.
func (v *visit) alterUser(id int64, c userChange) (news.User, error) {
	acts, err := c.acts()
	if err != nil {
		return news.User{}, err
	}
	u, err := v.People.ChangeUser(v.r.Context(), id, func(u *news.User) error {
		for _, a := range acts {
			a.change(u)
		}
		return nil
	})
	if v.LastAdmin(err) {
		return u, problem(http.StatusConflict, "This is the last admin.")
	}
	if err != nil {
		return u, err
	}
	for _, a := range acts {
		if err := v.did(a.word, "user "+u.Name, a.note); err != nil {
			return u, err
		}
	}
	return u, nil
}
