// Package mail tells alerts, digests and notes by mail: one message of text and HTML, handed to
// one SMTP server (RFC 5321) over TLS.
//
// All readers of a channel get the message in one transaction, so that an
// attempt is accepted for all of them or for none, and a repeated attempt
// doesn't reach anybody twice. With several readers nobody's address is in the
// message: its To says "undisclosed-recipients". Two things break the "all or
// none": a reader whom the server refuses for good is left out and reported,
// and so, after five attempts, is one whom it keeps putting off; a mailbox that
// is gone doesn't take the alerts from everybody else.
//
// A message has the same Message-ID in each attempt, made of the delivery's
// key. A later message of a story refers to the first by In-Reply-To and
// References, so that mail programs show one thread a story. No error or receipt holds an address, a host, a password or a word that
// the server said beyond its codes.
package mail
