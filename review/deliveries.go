package review

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"driftwatch/news"
)

// Outbox is what is owed to the channels, and what keeps it back.
type Outbox interface {
	// DeliveryList gives those that pass the filter, the latest first.
	DeliveryList(ctx context.Context, f DeliveryFilter) ([]DeliveryLine, error)
	// Folded gives those that a message about several names.
	Folded(ctx context.Context, id int64) ([]news.Folded, error)
	// Retry makes deliveries due now, Cancel has them not made; both say how many
	// there were, and change nothing where one was accepted: ErrAccepted.
	Retry(ctx context.Context, now time.Time, ids ...int64) (int, error)
	Cancel(ctx context.Context, why string, ids ...int64) (int, error)
	// Message gives what a delivery says: of a story as its channel would send it now.
	Message(ctx context.Context, d news.Delivery) (Message, error)
	// Names gives the channels and the routes, digests among them.
	Names() (channels, routes []string)

	AddSilence(ctx context.Context, s news.Silence) (int64, error)
	EndSilence(ctx context.Context, id int64, at time.Time) error
	Silences(ctx context.Context, after time.Time) ([]news.Silence, error)
}

// DeliveryFilter chooses deliveries; what is left zero chooses all.
type DeliveryFilter struct {
	States   []news.DeliveryState
	Channels []string
	Routes   []string
	IDs      []int64
	Stories  []int64
	Before   int64 // only those with a smaller id
	Limit    int   // 0: no limit
}

// DeliveryLine is a delivery with the title of its story.
type DeliveryLine struct {
	news.Delivery
	Title string
}

// Message is what a channel would send.
type Message struct {
	Text string // as it is sent, or kept
	Type string // media type of that
	Read string // as a person sees it; empty: as it is sent
}

var deliveryStates = []news.DeliveryState{news.DeliveryPending, news.DeliveryLeased, news.DeliverySent, news.DeliveryFailed,
	news.DeliverySilenced, news.DeliveryFolded, news.DeliveryCancelled}

// How many deliveries a page shows, and may be changed at once.
const (
	deliveriesShown  = 100
	deliveriesAtOnce = 500
)

// deliveriesView is what the page of the deliveries shows.
type deliveriesView struct {
	Rows    []deliveryRow
	Facets  []facetView
	Older   string
	Export  string
	Changes bool // the visitor may retry and cancel
	Says    string
	Done    string
	After   choice // where what was done can be seen, and changed back; empty: nothing was done
	Query   string
	Any     bool // a filter is set
}

type deliveryRow struct {
	DeliveryLine
	Made, Went, Due Moment
	Mark            string
	Open            bool // it may be retried or cancelled
}

func deliveryFilter(q url.Values) DeliveryFilter {
	f := DeliveryFilter{Channels: some(q["channel"], 200, 100), Routes: some(q["route"], 200, 100)}
	for _, s := range q["state"] {
		if slices.Contains(deliveryStates, news.DeliveryState(s)) {
			f.States = append(f.States, news.DeliveryState(s))
		}
	}
	if id, err := strconv.ParseInt(q.Get("story"), 10, 64); err == nil && id > 0 {
		f.Stories = []int64{id}
	}
	if id, err := strconv.ParseInt(q.Get("before"), 10, 64); err == nil && id > 0 {
		f.Before = id
	}
	return f
}

// deliveryMark is the shape that goes with a state.
func deliveryMark(s news.DeliveryState) string {
	switch s {
	case news.DeliverySent:
		return "ok"
	case news.DeliveryFailed:
		return "fail"
	case news.DeliveryPending, news.DeliveryLeased:
		return "slow"
	}
	return "paused"
}

func (v *visit) deliveriesPage() error {
	var view deliveriesView
	view.Done, view.After = v.deliveriesDone()
	return v.showDeliveries(http.StatusOK, view)
}

// deliveriesDone says what a button did on the page before, and where that can be changed
// back as long as nothing was sent.
func (v *visit) deliveriesDone() (says string, after choice) {
	q := v.r.URL.Query()
	if n, err := strconv.Atoi(q.Get("retried")); err == nil {
		return count(v.lang, "%d delivery is due now; the next cycle sends it|%d deliveries are due now; the next cycle sends them", n),
			choice{Value: "/deliveries?state=pending", Name: v.t("What waits can still be kept back")}
	}
	if n, err := strconv.Atoi(q.Get("cancelled")); err == nil {
		return count(v.lang, "%d delivery is cancelled|%d deliveries are cancelled", n),
			choice{Value: "/deliveries?state=cancelled", Name: v.t("What is cancelled can still be sent")}
	}
	return "", choice{}
}

func (v *visit) showDeliveries(status int, view deliveriesView) error {
	q := v.r.URL.Query()
	if v.r.Method == http.MethodPost {
		q, _ = url.ParseQuery(v.r.PostFormValue("query"))
	}
	q.Del("retried")
	q.Del("cancelled")
	f := deliveryFilter(q)
	f.Limit = deliveriesShown + 1
	rows, err := v.Outbox.DeliveryList(v.r.Context(), f)
	if err != nil {
		return err
	}
	if len(rows) > deliveriesShown {
		rows = rows[:deliveriesShown]
		older := url.Values{}
		for k, values := range q {
			older[k] = values
		}
		older.Set("before", strconv.FormatInt(rows[deliveriesShown-1].ID, 10))
		view.Older = "/deliveries?" + older.Encode()
	}
	q.Del("before")
	view.Query = q.Encode()
	view.Export = addressOf("/deliveries/export", view.Query)
	view.Changes = v.user.Role.May(news.RoleAuthor)
	for _, r := range rows {
		view.Rows = append(view.Rows, v.deliveryRow(r))
	}
	view.Any = len(f.States)+len(f.Channels)+len(f.Routes)+len(f.Stories) > 0
	view.Facets = v.deliveryFacets(f)
	return v.render(status, "deliveries", view)
}

func (v *visit) deliveryRow(d DeliveryLine) deliveryRow {
	r := deliveryRow{DeliveryLine: d, Made: v.moment(d.Created), Went: v.moment(d.Sent), Mark: deliveryMark(d.State)}
	r.Open = d.State != news.DeliverySent && d.State != news.DeliveryLeased
	if d.State == news.DeliveryPending {
		r.Due = v.moment(d.NextAt)
	}
	return r
}

func (v *visit) deliveryFacets(f DeliveryFilter) []facetView {
	channels, routes := v.Outbox.Names()
	var states, chosen []string
	for _, s := range deliveryStates {
		states = append(states, string(s))
	}
	for _, s := range f.States {
		chosen = append(chosen, string(s))
	}
	one := func(facet, name string, values, chosen []string, word func(string) string) facetView {
		out := facetView{Facet: news.Facet(facet), Name: v.t(name)}
		var on []string
		for _, c := range chosen {
			if !slices.Contains(values, c) {
				values = append(values, c)
			}
		}
		for _, value := range values {
			c := choice{Value: value, Name: word(value), On: slices.Contains(chosen, value)}
			if c.On {
				on = append(on, c.Name)
			}
			out.Values = append(out.Values, c)
		}
		out.Chosen = strings.Join(on, ", ")
		return out
	}
	plain := func(s string) string { return s }
	return []facetView{
		one("state", "State", states, chosen, func(s string) string { return v.t(s) }),
		one("channel", "Channel", slices.Clone(channels), f.Channels, plain),
		one("route", "Route", slices.Clone(routes), f.Routes, plain),
	}
}

// changeDeliveries retries or cancels those that are selected.
func (v *visit) changeDeliveries() error {
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	form := v.r.PostForm
	q, _ := url.ParseQuery(form.Get("query"))
	ids := make([]int64, 0, len(form["pick"]))
	for _, p := range form["pick"] {
		id, err := strconv.ParseInt(p, 10, 64)
		if err != nil || id < 1 {
			return problem(http.StatusUnprocessableEntity, "There is no such page.")
		}
		ids = append(ids, id)
	}
	switch {
	case len(ids) == 0:
		return v.showDeliveries(http.StatusUnprocessableEntity, deliveriesView{Says: v.t("Select deliveries first.")})
	case len(ids) > deliveriesAtOnce:
		return problem(http.StatusUnprocessableEntity, "Up to 500 deliveries can be changed at once.")
	}
	n, word, err := v.moveDeliveries(form.Get("do"), ids)
	if err != nil && v.Accepted != nil && v.Accepted(err) {
		return v.showDeliveries(http.StatusConflict, deliveriesView{Says: v.t(deliveryAccepted)})
	}
	if err != nil {
		return err
	}
	q.Set(word, strconv.Itoa(n))
	return v.to(addressOf("/deliveries", q.Encode()))
}

const deliveryAccepted = "One of them was accepted by its channel, so nothing was changed."

// moveDeliveries has deliveries sent now (retry), or not at all (cancel), and says how
// many there were.
func (v *visit) moveDeliveries(do string, ids []int64) (n int, word string, err error) {
	switch do {
	case "retry":
		word = "retried"
		n, err = v.Outbox.Retry(v.r.Context(), v.now, ids...)
	case "cancel":
		word = "cancelled"
		n, err = v.Outbox.Cancel(v.r.Context(), "cancelled by "+v.user.Name, ids...)
	default:
		err = problem(http.StatusUnprocessableEntity, "There is no such page.")
	}
	if err != nil {
		return 0, "", err
	}
	on := make([]string, len(ids))
	for i, id := range ids {
		on[i] = strconv.FormatInt(id, 10)
	}
	return n, word, v.did("delivery."+do, "delivery "+strings.Join(on, ", "), "")
}

// deliveryView is what the page of a delivery shows.
type deliveryView struct {
	Row     deliveryRow
	Names   []news.Folded
	Message Message
	Why     string // there is no message; in words
	Changes bool
	Level   int
}

func (v *visit) deliveryPage() error {
	view, err := v.deliveryView()
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, "delivery", view)
}

// deliveryView reads the delivery that the address names.
func (v *visit) deliveryView() (view deliveryView, err error) {
	id, err := v.id()
	if err != nil {
		return view, err
	}
	rows, err := v.Outbox.DeliveryList(v.r.Context(), DeliveryFilter{IDs: []int64{id}})
	if err != nil {
		return view, err
	}
	if len(rows) == 0 {
		return view, problem(http.StatusNotFound, "There is no such page.")
	}
	view = deliveryView{Row: v.deliveryRow(rows[0]), Changes: v.user.Role.May(news.RoleAuthor)}
	if view.Names, err = v.Outbox.Folded(v.r.Context(), id); err != nil {
		return view, err
	}
	switch d := rows[0]; {
	case d.Story != 0 || d.Content != "" && d.Kind != news.DeliveryMore:
		if view.Message, err = v.Outbox.Message(v.r.Context(), d.Delivery); err != nil {
			v.Log.Warn("message not rendered", "delivery", id, "problem", err)
			view.Why = v.t("The message can't be shown: its channel is no longer configured, or the story has no hit left.")
		}
	default:
		view.Why = v.t("It names the deliveries below; its text is made when it is sent.")
	}
	return view, nil
}

// deliveryDoc is a delivery as programs read it.
type deliveryDoc struct {
	ID       int64              `json:"id"`
	Kind     news.DeliveryKind  `json:"kind"`
	Route    string             `json:"route"`
	Channel  string             `json:"channel"`
	Story    int64              `json:"story,omitempty"`
	Version  int                `json:"version"`
	Title    string             `json:"title,omitempty"`
	State    news.DeliveryState `json:"state"`
	Attempts int                `json:"attempts"`
	Created  time.Time          `json:"created"`
	Due      *time.Time         `json:"due,omitempty"`
	Sent     *time.Time         `json:"sent,omitempty"`
	Waits    string             `json:"waits,omitempty"`
	Silence  int64              `json:"silence,omitempty"`
	In       int64              `json:"in,omitempty"`
	Receipt  string             `json:"receipt,omitempty"`
	Problem  string             `json:"problem,omitempty"`
}

func deliveryOf(d DeliveryLine) deliveryDoc {
	out := deliveryDoc{ID: d.ID, Kind: d.Kind, Route: d.Route, Channel: d.Channel, Story: d.Story, Version: d.Version, Title: d.Title, State: d.State,
		Attempts: d.Attempts, Created: d.Created.UTC(), Waits: d.Waits, Silence: d.Silence, In: d.Into, Receipt: d.Receipt, Problem: d.Problem}
	if d.State == news.DeliveryPending {
		out.Due = timed(d.NextAt)
	}
	out.Sent = timed(d.Sent)
	return out
}

// timed is a time as programs read it; null where there is none.
func timed(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func stampOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}

func (v *visit) exportDeliveries() error {
	f := deliveryFilter(v.r.URL.Query())
	f.Limit = tablePart
	var t *table
	for {
		rows, err := v.Outbox.DeliveryList(v.r.Context(), f)
		if err != nil {
			return t.failed(err)
		}
		if t == nil {
			t = v.table("deliveries", "id", "kind", "route", "channel", "story", "version", "title", "state", "attempts", "created", "due", "sent", "waits", "silence", "in", "receipt", "problem")
		}
		for _, r := range rows {
			if err := t.delivery(r); err != nil {
				return t.failed(err)
			}
		}
		if len(rows) < f.Limit {
			return t.failed(t.end())
		}
		f.Before = rows[len(rows)-1].ID
		if err := t.send(); err != nil {
			return t.failed(err)
		}
	}
}

func (t *table) delivery(r DeliveryLine) error {
	d := deliveryOf(r)
	num := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return t.row(d, num(d.ID), string(d.Kind), d.Route, d.Channel, num(d.Story), strconv.Itoa(d.Version), d.Title, string(d.State), strconv.Itoa(d.Attempts),
		d.Created.Format(time.RFC3339), stampOf(d.Due), stampOf(d.Sent), d.Waits, num(d.Silence), num(d.In), d.Receipt, d.Problem)
}
