package channel_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"driftwatch/alert/channel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ExamplePost_Send() {
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer receiver.Close()
	post, err := channel.NewPost(receiver.URL + "/a-secret-path")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = post.Send(context.Background(), http.Header{}, []byte(`{}`))
	var retry *channel.RetryError
	if errors.As(err, &retry) {
		fmt.Println(retry, "- asked to wait", retry.After)
	}
	// Output: answered 429 Too Many Requests - asked to wait 1m30s
}

func TestProxiesOfTheEnvironmentAreIgnored(t *testing.T) {
	asked := false
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	post, err := channel.NewPost("http://nowhere.invalid/x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := post.Send(t.Context(), http.Header{}, nil); err == nil || asked || strings.Contains(err.Error(), "nowhere") {
		t.Errorf("%v; the proxy was asked: %v", err, asked)
	}
}

func TestLongAnswersAreNotRead(t *testing.T) {
	wrote := 0
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 1<<20)
		for range 64 {
			n, err := w.Write(block)
			if wrote += n; err != nil {
				return
			}
		}
	}))
	post, err := channel.NewPost(receiver.URL)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := post.Send(t.Context(), http.Header{}, nil); err != nil || answer != "200 OK" {
		t.Errorf("%q, %v", answer, err)
	}
	receiver.Close() // waits for the receiver
	if wrote >= 64<<20 {
		t.Error("the whole answer was read")
	}
}

func TestPlain(t *testing.T) {
	for address, want := range map[string]bool{
		"https://hooks.example": false, "http://localhost:8080": false, "http://127.0.0.1": false, "http://[::1]/": false,
		"http://hooks.example": true, "http://10.0.0.1": true,
	} {
		post, err := channel.NewPost(address)
		if err != nil || post.Plain() != want {
			t.Errorf("%s: %v, %v", address, post, err)
		}
	}
}

func TestNetwork(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&net.DNSError{Name: "secret.example", IsNotFound: true}, "the host's name doesn't exist"},
		{&net.DNSError{Name: "secret.example", IsTimeout: true}, "the host's name could not be looked up"},
		{context.DeadlineExceeded, "no answer in time"},
		{os.ErrDeadlineExceeded, "no answer in time"},
		{context.Canceled, "stopped before there was an answer"},
		{&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, "connection refused"},
		{&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}, "the host can't be reached"},
		{syscall.ECONNRESET, "the host closed the connection"},
		{io.ErrUnexpectedEOF, "the host closed the connection"},
		{&tls.CertificateVerificationError{Err: errors.New("secret.example")}, "the host's certificate isn't valid for it"},
		{tls.RecordHeaderError{Msg: "x"}, "the host doesn't speak TLS on this port"},
		{errors.New("secret.example"), "the connection failed"},
	} {
		if got := channel.Network(fmt.Errorf("wrapped: %w", c.err)); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
