package watch

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"sync"

	"driftwatch/configs"
)

// certificate is the desk's certificate with its key, as their files have it. They are
// read again when one has changed: whoever renews them needn't start the program anew.
type certificate struct {
	files configs.TLS
	log   *slog.Logger

	mu      sync.Mutex
	seen    string // what the files looked like when pair was read
	refused string // and when what they had couldn't be taken; it is tried again
	pair    *tls.Certificate
}

// openCertificate reads a certificate and its key.
func openCertificate(files configs.TLS, log *slog.Logger) (*certificate, error) {
	c := &certificate{files: files, log: log}
	c.seen = c.look()
	pair, err := tls.LoadX509KeyPair(files.Cert, files.Key)
	if err != nil {
		return nil, fmt.Errorf("read serve.desk.tls: %w", err)
	}
	c.pair = &pair
	return c, nil
}

// get gives the certificate for a connection that begins. Where changed files can't be
// read, or don't belong together as while they are being replaced, the one before them
// goes on, and the log says so once.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := c.look()
	if seen == c.seen {
		return c.pair, nil
	}
	pair, err := tls.LoadX509KeyPair(c.files.Cert, c.files.Key)
	if err != nil {
		if seen == c.refused {
			return c.pair, nil
		}
		c.refused = seen
		c.log.Error("the desk's changed certificate can't be read; the one before goes on", "cert", c.files.Cert, "key", c.files.Key, "problem", err)
		return c.pair, nil
	}
	c.pair, c.seen, c.refused = &pair, seen, ""
	c.log.Info("the desk's certificate was read anew", "cert", c.files.Cert, "ends", pair.Leaf.NotAfter)
	return c.pair, nil
}

// look is what the files look like from outside.
func (c *certificate) look() string { return stamps([]string{c.files.Cert, c.files.Key}) }
