package webhook_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"driftwatch/alert/internal/sample"
	"driftwatch/alert/message"
	"driftwatch/alert/webhook"
	"driftwatch/news"
)

func TestEveryKindIsSignedUnderItsKey(t *testing.T) {
	var bodies [][]byte
	verify, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || verify.Verify(body, r.Header) != nil {
			t.Errorf("%v; the signature: %v", err, verify.Verify(body, r.Header))
		}
		var doc struct{ ID string }
		if err := json.Unmarshal(body, &doc); err != nil || doc.ID == "" || doc.ID != r.Header.Get("webhook-id") {
			t.Errorf("%v: %s", err, body)
		}
		bodies = append(bodies, body)
	}))
	defer receiver.Close()
	c, err := webhook.New(webhook.Settings{URL: receiver.URL, Secret: secret, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	_, err1 := c.Send(t.Context(), sample.Grown())
	_, err2 := c.SendDigest(t.Context(), sample.Weekly())
	_, err3 := c.SendNote(t.Context(), sample.Alarm())
	if err1 != nil || err2 != nil || err3 != nil || len(bodies) != 3 {
		t.Fatal(err1, err2, err3, len(bodies))
	}

	var updated message.JSON
	if err := json.Unmarshal(bodies[0], &updated); err != nil || updated.Type != message.Updated {
		t.Fatalf("%v: %s", err, bodies[0])
	}
	d := updated.Data
	if d.Version != 3 || d.First == nil || d.First.ID != "dw_SAMPLE7KEY" || len(d.Changes) != 7 || d.Changes[5] != (news.Change{Kind: news.ChangeLevel, From: "4", To: "5", Article: 12}) {
		t.Errorf("version %d, first %+v, changes %+v", d.Version, d.First, d.Changes)
	}
	if d.State == nil || d.State.Articles != 4 || len(d.State.Signals) != 1 || d.State.Signals[0].Status != news.StatusDenied || len(d.Reports) != 2 {
		t.Errorf("state %+v, reports %+v", d.State, d.Reports)
	}
	var digest message.Document[message.DigestData]
	if err := json.Unmarshal(bodies[1], &digest); err != nil || digest.Type != message.Digested || len(digest.Data.Items) != 4 || digest.Data.Drift[1].Closer != 2.5 || digest.Data.Gaps[1].Since != nil {
		t.Errorf("%v: %+v", err, digest)
	}
	var note message.Document[message.NoteData]
	if err := json.Unmarshal(bodies[2], &note); err != nil || note.Type != message.Notice || !note.Data.Alarm {
		t.Errorf("%v: %+v", err, note)
	}
}
