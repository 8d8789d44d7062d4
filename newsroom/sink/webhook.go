package sink

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"driftwatch/newsroom/internal/loopback"
)

// Webhook is a receiver of webhooks that are signed as the Standard Webhooks
// specification has it. It answers 401 to a signature that is wrong or older
// than five minutes, and 400 to a body that isn't JSON.
type Webhook struct {
	desk
	URL    string
	Secret string // whsec_…

	server *loopback.Server
	ledger *ledger
	verify *standardwebhooks.Webhook
}

func startWebhook(ctx context.Context, l *ledger, o Options) (*Webhook, error) {
	verify, err := standardwebhooks.NewWebhook(o.Secret)
	if err != nil {
		return nil, fmt.Errorf("open the webhook sink: %w", err)
	}
	h := &Webhook{ledger: l, verify: verify, Secret: o.Secret}
	if h.server, err = loopback.Serve(ctx, address, http.HandlerFunc(h.receive)); err != nil {
		return nil, err
	}
	h.URL = h.server.Base + "/hooks/driftwatch"
	return h, nil
}

// Messages are what the webhook took, in order.
func (h *Webhook) Messages() []Message { return h.ledger.list(WebhookSink) }

func (h *Webhook) receive(w http.ResponseWriter, r *http.Request) {
	manner := h.next()
	if manner.Status != 0 {
		refuse(w, manner, http.StatusText(manner.Status))
		return
	}
	payload, err := body(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := h.check(payload, r.Header); err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	if r.Method != http.MethodPost || !json.Valid(payload) {
		http.Error(w, "not a POST of JSON", http.StatusBadRequest)
		return
	}
	h.ledger.take(Message{
		Sink: WebhookSink, Key: r.Header.Get(standardwebhooks.HeaderWebhookID),
		Header: r.Header.Clone(), Body: bytes.Clone(payload), Problems: payloadProblems(payload),
	})
	if manner.hold(r.Context()) {
		w.WriteHeader(http.StatusNoContent)
	}
}

// signatureLife is how far a signature's time may be from now, both ways.
const signatureLife = 5 * time.Minute

// check verifies the signature and, by the sink's own clock, its age.
func (h *Webhook) check(payload []byte, header http.Header) error {
	if err := h.verify.VerifyIgnoringTimestamp(payload, header); err != nil {
		return err
	}
	seconds, err := strconv.ParseInt(header.Get(standardwebhooks.HeaderWebhookTimestamp), 10, 64)
	if err != nil {
		return err
	}
	if age := h.ledger.now().Sub(time.Unix(seconds, 0)); age.Abs() > signatureLife {
		return fmt.Errorf("the signature is %v old", age)
	}
	return nil
}

// payloadProblems says what the specification recommends and the payload lacks:
// a type, a timestamp in RFC 3339 and data.
func payloadProblems(payload []byte) []string {
	var p struct {
		Type      string          `json:"type"`
		Timestamp string          `json:"timestamp"`
		Data      json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		return []string{"the payload is no object: " + err.Error()}
	}
	var problems []string
	if p.Type == "" {
		problems = append(problems, "no type")
	}
	if _, err := time.Parse(time.RFC3339, p.Timestamp); err != nil {
		problems = append(problems, "no timestamp in RFC 3339")
	}
	if len(p.Data) == 0 {
		problems = append(problems, "no data")
	}
	return slices.Clip(problems)
}
