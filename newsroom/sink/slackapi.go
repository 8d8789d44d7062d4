package sink

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"
)

// SlackAPI is the part of Slack's methods that a bot needs to write to one
// channel: chat.postMessage and chat.update, and apps.connections.open with the
// connection of Socket Mode (https://docs.slack.dev/reference/methods). It
// checks what the real ones check and answers as they do: 200 with "ok": false
// and a word, 429 with Retry-After.
type SlackAPI struct {
	URL      string // with a slash at its end
	Token    string // of the bot
	AppToken string // of Socket Mode
	Channel  string // the channel's id; SlackChannelName is its name

	desk   *desk
	ledger *ledger
	socket socket

	mu    sync.Mutex
	posts []*Post
	count int
}

// SlackChannelName is the name of the workspace's channel.
const SlackChannelName = "newsroom"

const apiPath = "/api/"

// Post is a message in the channel.
type Post struct {
	TS       string // by which it is edited and replied to
	Thread   string // the TS of the message that this is a reply to; "": none
	Key      string // of the delivery, by the message's metadata
	Text     string // for notifications, as it stands now
	Body     []byte // {"text","blocks"}, as it stands now
	Edits    int
	Problems []string // what Slack would show wrong
	Gone     bool     // it was deleted
}

func newSlackAPI(d *desk, l *ledger) *SlackAPI {
	return &SlackAPI{
		Token: "xoxb-made-up-for-the-newsroom", AppToken: "xapp-made-up-for-the-newsroom", Channel: "C0NEWSROOM", desk: d, ledger: l,
	}
}

// Posts are the messages and replies of the channel, in order, as they stand.
func (s *SlackAPI) Posts() []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Post, len(s.posts))
	for i, p := range s.posts {
		out[i] = *p
	}
	return out
}

// Delete deletes a message, as a person in the channel may.
func (s *SlackAPI) Delete(ts string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.find(ts); p != nil {
		p.Gone = true
	}
}

func (s *SlackAPI) find(ts string) *Post {
	for _, p := range s.posts {
		if p.TS == ts && !p.Gone {
			return p
		}
	}
	return nil
}

// serve answers a request that is the API's, and reports whether it was.
func (s *SlackAPI) serve(w http.ResponseWriter, r *http.Request) bool {
	method, ours := strings.CutPrefix(r.URL.Path, apiPath)
	switch {
	case s.socket.serve(w, r):
		return true
	case !ours:
		return false
	case method == "apps.connections.open":
		s.open(w, r)
		return true
	}
	manner := s.desk.next()
	if manner.Status != 0 {
		refuse(w, manner, `{"ok":false,"error":"ratelimited"}`)
		return true
	}
	answer := s.call(method, r, manner)
	if manner.hold(r.Context()) {
		writeJSON(w, answer)
	}
	return true
}

func writeJSON(w http.ResponseWriter, doc map[string]any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(doc) // the caller may have hung up
}

func no(word string) map[string]any { return map[string]any{"ok": false, "error": word} }

// call does what a method does, and gives its answer.
func (s *SlackAPI) call(method string, r *http.Request, manner Manner) map[string]any {
	raw, err := body(r)
	if err != nil {
		return no("request_timeout")
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil || r.Method != http.MethodPost {
		return no("invalid_form_data")
	}
	token := form.Get("token")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token = bearer
	}
	switch {
	case token == "":
		return no("not_authed")
	case token != s.Token:
		return no("invalid_auth")
	case manner.Error != "":
		return no(manner.Error)
	case method != "chat.postMessage" && method != "chat.update":
		return no("unknown_method")
	case !s.isChannel(form.Get("channel"), method):
		return no("channel_not_found")
	}
	p, problem := formPayload(form)
	if problem != "" {
		return no(problem)
	}
	if method == "chat.update" {
		return s.update(form, p)
	}
	return s.post(r, form, p)
}

// isChannel reports whether a name is the channel's. Only an id names it where
// a message is edited.
func (s *SlackAPI) isChannel(name, method string) bool {
	return name == s.Channel || method == "chat.postMessage" && strings.TrimPrefix(name, "#") == SlackChannelName
}

// formPayload reads and checks a message; problem is the word that it is refused
// with.
func formPayload(form url.Values) (p payload, problem string) {
	p.Text = form.Get("text")
	if raw := form.Get("blocks"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &p.Blocks); err != nil {
			return p, "invalid_blocks_format"
		}
	}
	for name, to := range map[string]**bool{"unfurl_links": &p.UnfurlLinks, "unfurl_media": &p.UnfurlMedia} {
		if value := form.Get(name); value != "" {
			on := value == "true" || value == "1"
			*to = &on
		}
	}
	word, _, _ := strings.Cut(p.refusal(), ":")
	switch {
	case word != "":
		return p, word
	case utf8.RuneCountInString(p.Text) > maxText:
		return p, "msg_too_long"
	case len(form.Get("blocks")) > maxBlocksBytes:
		return p, "msg_blocks_too_long"
	}
	return p, ""
}

// maxBlocksBytes stands for a limit that Slack has and doesn't name.
const maxBlocksBytes = 100_000

func bodyOf(form url.Values) []byte {
	blocks := json.RawMessage(form.Get("blocks"))
	if len(blocks) == 0 {
		blocks = json.RawMessage("[]")
	}
	raw, err := json.Marshal(map[string]any{"text": form.Get("text"), "blocks": blocks})
	if err != nil {
		return nil // the blocks were read before
	}
	return raw
}

func (s *SlackAPI) post(r *http.Request, form url.Values, p payload) map[string]any {
	key, ok := metadataKey(form.Get("metadata"))
	if !ok {
		return no("invalid_metadata_format")
	}
	s.mu.Lock()
	s.count++
	now := s.ledger.now()
	one := &Post{
		TS: fmt.Sprintf("%d.%06d", now.Unix(), s.count), Thread: form.Get("thread_ts"), Key: key,
		Text: p.Text, Body: bodyOf(form), Problems: p.problems(),
	}
	if one.Key == "" {
		one.Key = fmt.Sprintf("%x", sha256.Sum256(one.Body))
	}
	if one.Thread != "" && s.find(one.Thread) == nil {
		one.Problems = append(one.Problems, "a reply to a message that isn't there")
	}
	s.posts = append(s.posts, one)
	taken := *one
	s.mu.Unlock()
	s.ledger.take(Message{Sink: SlackSink, Key: taken.Key, Header: r.Header.Clone(), Body: taken.Body, Problems: taken.Problems})
	return map[string]any{"ok": true, "channel": s.Channel, "ts": taken.TS}
}

func (s *SlackAPI) update(form url.Values, p payload) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.find(form.Get("ts"))
	if one == nil {
		return no("message_not_found")
	}
	// An edit doesn't say whether links unfold: that stays as it was.
	off := false
	p.UnfurlLinks, p.UnfurlMedia = &off, &off
	one.Text, one.Body, one.Edits = p.Text, bodyOf(form), one.Edits+1
	one.Problems = append(one.Problems, p.problems()...)
	return map[string]any{"ok": true, "channel": s.Channel, "ts": one.TS, "text": p.Text}
}

// metadataKey is the key in a message's metadata; ok is false where the metadata
// hasn't its form.
func metadataKey(raw string) (key string, ok bool) {
	if raw == "" {
		return "", true
	}
	var m struct {
		EventType    string         `json:"event_type"`
		EventPayload map[string]any `json:"event_payload"`
	}
	if err := json.Unmarshal([]byte(raw), &m); err != nil || m.EventType == "" || m.EventPayload == nil {
		return "", false
	}
	key, _ = m.EventPayload["key"].(string)
	return key, true
}
