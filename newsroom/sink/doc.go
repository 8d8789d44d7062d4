// Package sink is where messages arrive in the demo and in tests: stand-ins on
// loopback for a Slack incoming webhook, a mail server and the receiver of a
// signed webhook.
//
// Each holds a message to the rules of the real one: Slack's limits and
// escapes, SMTP with STARTTLS, the Standard Webhooks signature. Each can be told
// to fail, to ask for patience, to answer late, or to take a message and never
// say so. What was taken is kept in order, and one delivery that was made twice
// is counted: a Slack message by its bytes or its Idempotency-Key header, a mail
// by its Message-ID, a webhook by its webhook-id.
package sink
