package sink

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	socketPath   = "/socket-mode"
	responsePath = "/response/"
)

// socket is the connection of Socket Mode
// (https://docs.slack.dev/apis/events-api/using-socket-mode), one at a time.
type socket struct {
	mu      sync.Mutex
	conn    *websocket.Conn
	closed  bool                     // no connection is taken any more
	arrived chan struct{}            // closed with the next connection; nil while nobody waits
	acks    map[string]chan struct{} // by envelope
	count   int
	told    []string // what was answered to who pressed a button
	readers sync.WaitGroup
}

// open answers apps.connections.open.
func (s *SlackAPI) open(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+s.AppToken {
		writeJSON(w, no("invalid_auth"))
		return
	}
	writeJSON(w, map[string]any{"ok": true, "url": "ws" + strings.TrimPrefix(strings.TrimSuffix(s.URL, apiPath), "http") + socketPath})
}

// serve answers a request that is the connection's, and reports whether it was.
func (s *socket) serve(w http.ResponseWriter, r *http.Request) bool {
	switch {
	case r.URL.Path == socketPath:
		upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
		if conn, err := upgrader.Upgrade(w, r, nil); err == nil {
			s.take(conn)
		}
		return true
	case strings.HasPrefix(r.URL.Path, responsePath):
		var said struct{ Text string }
		if raw, err := body(r); err == nil && json.Unmarshal(raw, &said) == nil {
			s.mu.Lock()
			s.told = append(s.told, said.Text)
			s.mu.Unlock()
		}
		fmt.Fprint(w, "ok")
		return true
	}
	return false
}

// take begins with a new connection, in place of the one before.
func (s *socket) take(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil {
		s.conn.Close()
	}
	if s.closed { // the listener came back as it was hung up on
		conn.Close()
		return
	}
	s.conn = conn
	if conn.WriteJSON(map[string]any{"type": "hello", "num_connections": 1}) != nil {
		return
	}
	if s.arrived != nil {
		close(s.arrived)
		s.arrived = nil
	}
	s.readers.Go(func() { s.read(conn) })
}

// read hears acknowledgements until the connection ends.
func (s *socket) read(conn *websocket.Conn) {
	for {
		var ack struct {
			EnvelopeID string `json:"envelope_id"`
		}
		if err := conn.ReadJSON(&ack); err != nil {
			return
		}
		s.mu.Lock()
		if heard := s.acks[ack.EnvelopeID]; heard != nil {
			close(heard)
			delete(s.acks, ack.EnvelopeID)
		}
		s.mu.Unlock()
	}
}

// Press presses a button of a message as a person does, and waits until that
// was acknowledged. The value is the button's.
func (s *SlackAPI) Press(ctx context.Context, action, value, person string) error {
	conn, err := s.socket.connected(ctx)
	if err != nil {
		return err
	}
	id, heard := s.socket.envelope()
	event := map[string]any{
		"type": "interactive", "envelope_id": id, "accepts_response_payload": true,
		"payload": map[string]any{
			"type": "block_actions", "user": map[string]any{"id": "U0PERSON", "name": person, "username": person},
			"response_url": strings.TrimSuffix(s.URL, apiPath) + responsePath + id,
			"actions":      []any{map[string]any{"type": "button", "action_id": action, "block_id": "driftwatch", "value": value}},
		},
	}
	s.socket.mu.Lock()
	err = conn.WriteJSON(event)
	s.socket.mu.Unlock()
	if err != nil {
		return fmt.Errorf("press a button: %w", err)
	}
	select {
	case <-heard:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("press a button: nothing acknowledged it: %w", ctx.Err())
	}
}

// Drop ends the connection, as Slack does now and then; a listener is expected
// to come back.
func (s *SlackAPI) Drop() {
	s.socket.mu.Lock()
	defer s.socket.mu.Unlock()
	if s.socket.conn != nil {
		_ = s.socket.conn.WriteJSON(map[string]any{"type": "disconnect", "reason": "refresh_requested"})
		s.socket.conn.Close()
		s.socket.conn = nil
	}
}

// Told is what was answered to those who pressed buttons, in order.
func (s *SlackAPI) Told() []string {
	s.socket.mu.Lock()
	defer s.socket.mu.Unlock()
	return append([]string(nil), s.socket.told...)
}

// connected waits for a connection.
func (s *socket) connected(ctx context.Context) (*websocket.Conn, error) {
	for {
		s.mu.Lock()
		conn := s.conn
		if s.arrived == nil {
			s.arrived = make(chan struct{})
		}
		arrived := s.arrived
		s.mu.Unlock()
		if conn != nil {
			return conn, nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return nil, errors.New("nobody listens to the buttons")
		}
	}
}

func (s *socket) envelope() (id string, heard <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	id = fmt.Sprintf("envelope-%d", s.count)
	ch := make(chan struct{})
	if s.acks == nil {
		s.acks = map[string]chan struct{}{}
	}
	s.acks[id] = ch
	return id, ch
}

// hangUp ends the connection for good.
func (s *SlackAPI) hangUp() {
	s.socket.mu.Lock()
	s.socket.closed = true
	if s.socket.conn != nil {
		deadline := time.Now().Add(time.Second)
		_ = s.socket.conn.WriteControl(websocket.CloseMessage, nil, deadline)
		s.socket.conn.Close()
	}
	s.socket.mu.Unlock()
	s.socket.readers.Wait()
}
