// Package loopback serves HTTP on the machine's own addresses and waits for the
// end of what it started.
package loopback

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Server is an HTTP server that is running.
type Server struct {
	Base string // "http://127.0.0.1:40001"

	http    *http.Server
	running sync.WaitGroup // Serve, and each connection
	closed  atomic.Bool
}

// Serve answers requests at addr, "127.0.0.1:0" for instance, until Close. The
// requests' contexts end with ctx.
func Serve(ctx context.Context, addr string, h http.Handler) (*Server, error) {
	l, err := Listen(ctx, addr)
	if err != nil {
		return nil, err
	}
	s := &Server{Base: "http://" + l.Addr().String()}
	s.http = &http.Server{
		Handler:           h,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ConnState:         s.count,
		ReadHeaderTimeout: time.Minute,
	}
	s.running.Go(func() { _ = s.http.Serve(l) })
	return s, nil
}

// Listen opens addr, which has to be the machine's own.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	return l, nil
}

// Close ends the server and every connection, and waits for the last answer.
func (s *Server) Close() error {
	s.closed.Store(true)
	err := s.http.Close()
	s.running.Wait()
	return err
}

// count keeps the number of connections whose goroutine runs. One that was accepted
// as the server was closed is unknown to the server, which would wait for its request.
func (s *Server) count(c net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.running.Add(1)
		if s.closed.Load() {
			_ = c.Close()
		}
	case http.StateClosed, http.StateHijacked:
		s.running.Done()
	}
}
