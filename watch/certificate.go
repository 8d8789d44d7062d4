package watch

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"driftwatch/configs"
)

// certificate is the desk's certificate with its key, as their files have it. They are
// read again when one has changed: whoever renews them needn't start the program anew.
type certificate struct {
	files configs.TLS
	host  string // that it is to be for; empty: not known
	now   func() time.Time
	log   *slog.Logger

	mu      sync.Mutex
	seen    string // what the files looked like when pair was read
	refused string // and when what they had couldn't be taken; it is tried again
	pair    *tls.Certificate
}

// openCertificate reads the desk's certificate and its key.
func openCertificate(desk configs.Desk, s Settings) (*certificate, error) {
	c := &certificate{files: desk.TLS, host: hostOf(desk.BaseURL), now: s.Now, log: s.Log}
	c.seen = c.look()
	pair, err := readPair(c.files)
	if err != nil {
		return nil, err
	}
	c.take(pair)
	return c, nil
}

// take makes a certificate the one that is shown, and logs what browsers will say against it.
func (c *certificate) take(pair *tls.Certificate) {
	c.pair = pair
	for _, fault := range certificateFaults(pair.Leaf, c.host, c.now()) {
		c.log.Warn(fault, "cert", c.files.Cert)
	}
}

// readPair reads a certificate and its key. What is wrong is said with the file that it
// is wrong in, and what belongs there.
func readPair(files configs.TLS) (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(files.Cert, files.Key)
	switch path := (*fs.PathError)(nil); {
	case err == nil:
		return &pair, nil
	case errors.As(err, &path):
		return nil, fmt.Errorf("serve.desk.tls: %w", err)
	case strings.Contains(err.Error(), "private key does not match"):
		return nil, fmt.Errorf("serve.desk.tls: %s isn't the key of the certificate in %s; name the two files that were made together", files.Key, files.Cert)
	}
	return nil, fmt.Errorf("serve.desk.tls: %w; cert %s has to hold the certificate and those that vouch for it, key %s its private key without a password, both as PEM",
		err, files.Cert, files.Key)
}

// certificateSoon is how long before its end a certificate is warned of.
const certificateSoon = 14 * 24 * time.Hour

// certificateFaults says why browsers don't take a certificate, or soon won't, as far as
// that can be told from here; host is the name that people reach the desk by, empty where
// it isn't known.
func certificateFaults(cert *x509.Certificate, host string, now time.Time) (faults []string) {
	day := func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }
	switch {
	case now.Before(cert.NotBefore):
		faults = append(faults, "the desk's certificate begins on "+day(cert.NotBefore)+" only: browsers refuse it until then")
	case !now.Before(cert.NotAfter):
		faults = append(faults, "the desk's certificate ended on "+day(cert.NotAfter)+": browsers refuse it; put a new one in its place, it is read without a restart")
	case cert.NotAfter.Sub(now) < certificateSoon:
		faults = append(faults, "the desk's certificate ends on "+day(cert.NotAfter)+"; put a new one in its place before then, it is read without a restart")
	}
	if host != "" && cert.VerifyHostname(host) != nil {
		faults = append(faults, "the desk's certificate isn't for "+host+", the name in serve.desk.base_url: browsers refuse it there")
	}
	return faults
}

// CheckCertificate reads the desk's certificate and its key, where there are to be any,
// and says why browsers wouldn't take it now, or soon won't. What can't be read is an
// error.
func CheckCertificate(c configs.Desk, now time.Time) (faults []string, err error) {
	if c.TLS.Cert == "" {
		return nil, nil
	}
	pair, err := readPair(c.TLS)
	if err != nil {
		return nil, err
	}
	return certificateFaults(pair.Leaf, hostOf(c.BaseURL), now), nil
}

// hostOf is the host that an address names; empty where it names none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
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
	pair, err := readPair(c.files)
	if err != nil {
		if seen == c.refused {
			return c.pair, nil
		}
		c.refused = seen
		c.log.Error("the desk's changed certificate can't be read; the one before goes on", "cert", c.files.Cert, "key", c.files.Key, "problem", err)
		return c.pair, nil
	}
	c.seen, c.refused = seen, ""
	c.take(pair)
	c.log.Info("the desk's certificate was read anew", "cert", c.files.Cert, "ends", pair.Leaf.NotAfter)
	return c.pair, nil
}

// look is what the files look like from outside.
func (c *certificate) look() string { return stamps([]string{c.files.Cert, c.files.Key}) }
