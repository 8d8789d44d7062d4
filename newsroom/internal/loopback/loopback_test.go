package loopback

import (
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// A connection that was accepted as the server was closed is closed, too: the server
// doesn't know of it, and would wait for its request.
func TestCloseEndsTheConnectionThatJustCame(t *testing.T) {
	s, err := Serve(t.Context(), "127.0.0.1:0", http.NotFoundHandler())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	ours, theirs := net.Pipe()
	if err := ours.SetDeadline(time.Unix(1, 0)); err != nil { // so that it doesn't wait for whoever isn't closed
		t.Fatal(err)
	}
	s.count(theirs, http.StateNew)
	if _, err := ours.Write([]byte("GET")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the connection is open: %v", err)
	}
	s.count(theirs, http.StateClosed)
}
