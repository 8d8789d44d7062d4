package review

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"driftwatch/news"
)

// loginForm is what the login shows: what was typed stays.
type loginForm struct {
	Name string
	Next string
	Says string
	Kept *keptForm // what was typed as the session had ended; nil: nothing
}

// sessionEnded tells who was signed in why the login is there.
const sessionEnded = "Your session has ended. Sign in again."

func (v *visit) loginPage() error {
	query := v.r.URL.Query()
	form := loginForm{Next: local(query.Get("next"), "")}
	if v.user.ID != 0 {
		return v.to(local(form.Next, v.first()))
	}
	if query.Has("ended") {
		form.Says = v.t(sessionEnded)
	}
	return v.render(http.StatusOK, "login", form)
}

// login signs in with name and password. What it answers, and how long it takes,
// is the same whether there is such a user or not.
func (v *visit) login() error {
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	name, password := strings.ToLower(strings.TrimSpace(v.r.PostFormValue("name"))), v.r.PostFormValue("password")
	form := loginForm{Name: name, Next: local(v.r.PostFormValue("next"), ""), Kept: carried(v.r.PostForm)}
	if len(name) > 100 || len(password) > 4*longestPassword {
		name, password = "", ""
	}
	if wait := v.gate.wait(name, v.from); wait > 0 {
		v.w.Header().Set("Retry-After", fmt.Sprint(int(wait/time.Second)+1))
		form.Says = count(v.lang, "Too many tries. Wait %d minute, then try again.|Too many tries. Wait %d minutes, then try again.", int(wait/time.Minute)+1)
		return v.render(http.StatusTooManyRequests, "login", form)
	}
	v.gate.failed(name, v.from)
	u, err := v.People.UserNamed(v.r.Context(), name)
	if err != nil && !v.Missing(err) {
		return err
	}
	hash := u.Password
	if err != nil || hash == "" {
		hash = v.spare
	}
	if right := v.same(hash, password); !right || err != nil || u.Password == "" || u.Disabled {
		if err := v.did("login.failed", "", ""); err != nil {
			return err
		}
		form.Says = v.t("Name and password don't belong together.")
		return v.render(http.StatusUnauthorized, "login", form)
	}
	v.gate.right(name, v.from)
	if err := v.signIn(u); err != nil {
		return err
	}
	if form.Kept != nil {
		return v.render(http.StatusOK, "kept", form.Kept)
	}
	return v.to(local(form.Next, v.first()))
}

func (v *visit) logout() error {
	if v.byProxy {
		return problem(http.StatusConflict, "Your proxy has signed you in: sign out there.")
	}
	if err := v.did("logout", "user "+v.user.Name, ""); err != nil {
		return err
	}
	if err := v.sessions.Destroy(v.r.Context()); err != nil {
		return err
	}
	return v.to("/login")
}

// linkForm is what a one-time link shows.
type linkForm struct {
	Token string
	User  string // whom it signs in; empty: it makes the first user
	Name  string
	Says  string
}

// errLink says that a link doesn't work.
func errLink() error {
	return problem(http.StatusGone, "This link was used already, or is older than 15 minutes. While there is no user, driftwatch serve prints a new one when it starts; driftwatch user add makes a user, too.")
}

// linkPage asks before a link is used, since programs that look at links before
// people do would use it up.
func (v *visit) linkPage() error {
	token := v.r.PathValue("token")
	l, ok := v.links.look(token, false)
	if !ok {
		return errLink()
	}
	return v.render(http.StatusOK, "link", linkForm{Token: token, User: l.user})
}

func (v *visit) useLink() error {
	token := v.r.PathValue("token")
	l, ok := v.links.look(token, false)
	if !ok {
		return errLink()
	}
	if l.user == "" {
		return v.firstUser(token)
	}
	if _, ok = v.links.look(token, true); !ok {
		return errLink()
	}
	u, err := v.People.UserNamed(v.r.Context(), l.user)
	if err != nil || u.Disabled {
		return errLink()
	}
	if err := v.signIn(u); err != nil {
		return err
	}
	return v.to(v.first())
}

// firstUser makes the first user, who is an admin, and signs that one in.
func (v *visit) firstUser(token string) error {
	name, password := strings.ToLower(strings.TrimSpace(v.r.PostFormValue("name"))), v.r.PostFormValue("password")
	form := linkForm{Token: token, Name: name}
	if err := CheckUserName(name); err != nil {
		form.Says = v.t("A user's name has 1 to 32 of: a-z, 0-9, dot, dash, underscore, @.")
		return v.render(http.StatusUnprocessableEntity, "link", form)
	}
	if err := CheckPassword(password); err != nil {
		form.Says = v.t("A password has 10 to 200 characters.")
		return v.render(http.StatusUnprocessableEntity, "link", form)
	}
	hash, err := HashPassword(password)
	if err != nil {
		return err
	}
	if _, ok := v.links.look(token, true); !ok {
		return errLink()
	}
	u, err := v.People.AddUser(v.r.Context(), news.User{Name: name, Role: news.RoleAdmin, Password: hash, Keys: true, Created: v.now}, true)
	if v.Exists(err) {
		return errLink()
	}
	if err != nil {
		return err
	}
	if err := v.did("user.add", "user "+u.Name, "first user, admin"); err != nil {
		return err
	}
	if err := v.signIn(u); err != nil {
		return err
	}
	return v.to(v.first())
}
