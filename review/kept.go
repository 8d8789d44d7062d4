package review

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// typedFields are those of forms in which people write at length. What stands in them is
// shown again when a form can't be taken.
var typedFields = []string{"text", "note", "reason"}

// keptForm is a form that wasn't taken, so that nothing that was typed is lost.
type keptForm struct {
	Path   string // where it is to be sent
	Back   string // the page that it was on
	Fields []keptField
}

// keptField is one field of a [keptForm].
type keptField struct {
	Name, Value string
	Typed       bool // it is shown; the others only go along
}

// kept is the form of a request that people typed something into. The password of
// nobody is kept.
func (v *visit) kept() (form keptForm, is bool) {
	if v.api || v.r.Method != http.MethodPost || v.readForm() != nil || v.r.PostForm.Has("password") {
		return keptForm{}, false
	}
	form = keptForm{Path: v.r.URL.Path, Back: v.cameFrom()}
	form.Fields, is = keptFields(v.r.PostForm)
	return form, is
}

// keptFields are the fields of a form in one order; is reports whether any was typed.
func keptFields(form url.Values) (fields []keptField, is bool) {
	var names []string
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range form[name] {
			typed := slices.Contains(typedFields, name) && strings.TrimSpace(value) != ""
			fields = append(fields, keptField{name, value, typed})
			is = is || typed
		}
	}
	return fields, is
}

// cameFrom is the page of the desk that the visitor was on.
func (v *visit) cameFrom() string {
	from := v.r.Header.Get("HX-Current-URL")
	if from == "" {
		from = v.r.Header.Get("Referer")
	}
	u, err := url.Parse(from)
	if err != nil || u.Host != v.r.Host {
		return "/"
	}
	return local(u.RequestURI(), "/")
}

// The fields in which the login passes on a form: where to, from where, and its own
// fields behind a prefix.
const (
	keptPath  = "kept"
	keptBack  = "kept-back"
	keptNamed = "kept."
)

// Carried are the fields as the login's form has them.
func (k keptForm) Carried() []keptField {
	out := []keptField{{Name: keptPath, Value: k.Path}, {Name: keptBack, Value: k.Back}}
	for _, f := range k.Fields {
		out = append(out, keptField{keptNamed + f.Name, f.Value, f.Typed})
	}
	return out
}

// carried is the form that a login passes on.
func carried(login url.Values) *keptForm {
	path := local(login.Get(keptPath), "")
	if path == "" {
		return nil
	}
	own := url.Values{}
	for name, values := range login {
		if field, is := strings.CutPrefix(name, keptNamed); is {
			own[field] = values
		}
	}
	form := &keptForm{Path: path, Back: local(login.Get(keptBack), "/")}
	form.Fields, _ = keptFields(own)
	return form
}
