package sink

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// A listener that comes back while its connection is hung up on finds nobody, so that
// no connection is left over.
func TestHangUpIsForGood(t *testing.T) {
	api := &SlackAPI{}
	api.hangUp()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { api.socket.serve(w, r) }))
	defer server.Close()
	conn, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http")+socketPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	defer conn.Close()
	if _, said, err := conn.ReadMessage(); err == nil {
		t.Errorf("it was greeted: %s", said)
	}
}
