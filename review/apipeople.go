package review

import (
	"net/http"
	"time"

	"driftwatch/news"
)

// viewDoc is a saved view as programs read it.
type viewDoc struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Query string `json:"query"` // parameters of /api/v1/stories
}

func (v *visit) apiViews() error {
	if a := v.asked(); a.err != nil {
		return a.err
	}
	all, err := v.People.SavedViews(v.r.Context(), v.user.ID)
	if err != nil {
		return err
	}
	out := []viewDoc{}
	for _, s := range all {
		out = append(out, viewDoc{s.ID, s.Name, s.Query})
	}
	return v.send(http.StatusOK, map[string]any{"views": out})
}

func (v *visit) apiSaveView() error {
	var in struct {
		Name  string `json:"name"`
		Query string `json:"query"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	a := inboxAsked(in.Query)
	if a.err != nil {
		return a.err
	}
	id, err := v.keepView(in.Name, inboxFilter(a.q))
	if err != nil {
		return err
	}
	return v.done("view", id)
}

func (v *visit) apiRemoveView() error {
	id, err := v.dropView()
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"view": id})
}

// tokenDoc is a token as programs read it, without what opens anything.
type tokenDoc struct {
	ID      int64      `json:"id"`
	Name    string     `json:"name"`
	Scope   news.Scope `json:"scope"`
	Created time.Time  `json:"created"`
	Expires time.Time  `json:"expires"`
	Revoked *time.Time `json:"revoked"`
	Works   bool       `json:"works"`
}

func (v *visit) tokenOf(t news.Token) tokenDoc {
	return tokenDoc{t.ID, t.Name, t.Scope, t.Created.UTC(), t.Expires.UTC(), timed(t.Revoked), t.Works(v.now)}
}

// apiTokens gives the tokens of the token's user.
func (v *visit) apiTokens() error {
	if a := v.asked(); a.err != nil {
		return a.err
	}
	all, err := v.People.Tokens(v.r.Context(), v.user.ID)
	if err != nil {
		return err
	}
	out := []tokenDoc{}
	for _, t := range all {
		out = append(out, v.tokenOf(t))
	}
	return v.send(http.StatusOK, map[string]any{"tokens": out})
}

func (v *visit) apiAddToken() error {
	var in struct {
		Name  string     `json:"name"`
		Scope news.Scope `json:"scope"`
		Days  int        `json:"days"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	token, t, err := v.keepToken(in.Name, in.Scope, in.Days)
	if err != nil {
		return err
	}
	return v.send(http.StatusCreated, struct {
		tokenDoc
		Token string `json:"token"` // shown this once
	}{v.tokenOf(t), token})
}

func (v *visit) apiRevokeToken() error {
	id, err := v.stopToken()
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, map[string]any{"token": id})
}

func (v *visit) apiUsers() error {
	if a := v.asked(); a.err != nil {
		return a.err
	}
	all, err := v.People.Users(v.r.Context())
	if err != nil {
		return err
	}
	out := []userDoc{}
	for _, u := range all {
		out = append(out, userOf(u))
	}
	return v.send(http.StatusOK, map[string]any{"users": out})
}

func (v *visit) apiAddUser() error {
	var in struct {
		Name     string    `json:"name"`
		Role     news.Role `json:"role"`
		Password string    `json:"password"`
	}
	if err := v.body(&in); err != nil {
		return err
	}
	u, err := v.keepUser(userName(in.Name), in.Role, in.Password)
	if err != nil {
		return err
	}
	return v.send(http.StatusCreated, userOf(u))
}

func (v *visit) apiChangeUser() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	var c userChange
	if err := v.body(&c); err != nil {
		return err
	}
	u, err := v.alterUser(id, c)
	if err != nil {
		return err
	}
	return v.send(http.StatusOK, userOf(u))
}
