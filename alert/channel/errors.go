package channel

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// RetryError says that a channel didn't take a message now and may take it
// later.
type RetryError struct {
	Problem string        // a sentence without secrets
	After   time.Duration // what the channel asked to be left alone for; 0: it didn't say
}

// Error is the problem.
func (e *RetryError) Error() string { return e.Problem }

// PermanentError says that a channel will never take this message as things
// are: a second attempt is of no use before somebody has changed something.
type PermanentError struct {
	Problem string // a sentence without secrets
	Down    bool   // it isn't about this message: others would fare no better
}

// Error is the problem.
func (e *PermanentError) Error() string { return e.Problem }

// PartialError says that a channel took a message for some of its readers and
// never will for the others. The delivery is made; the problem is for the
// operator. It comes with a receipt.
type PartialError struct {
	Problem string // a sentence without secrets
}

// Error is the problem.
func (e *PartialError) Error() string { return e.Problem }

// Network says in a few words what went wrong on the way to a host. Names and
// addresses are left out, since those of a channel are private.
func Network(err error) string {
	var timeout net.Error
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	switch {
	case errors.Is(err, context.Canceled):
		return "stopped before there was an answer"
	case errors.As(err, &name) && name.IsNotFound:
		return "the host's name doesn't exist"
	case errors.As(err, &name):
		return "the host's name could not be looked up"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	case errors.As(err, &certificate):
		return "the host's certificate isn't valid for it"
	case errors.As(err, &notTLS):
		return "the host doesn't speak TLS on this port"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "the host can't be reached"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the host closed the connection"
	}
	return "the connection failed"
}
