package review_test

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"driftwatch/news"
	"driftwatch/review"
)

// longAudit is an audit log of so many entries; from the one of break on it can't be
// read.
type longAudit struct {
	review.People
	entries, broken int64
}

func (l longAudit) Audit(_ context.Context, f news.AuditFilter) ([]news.Audited, error) {
	if f.Limit <= 0 || f.Limit > 1000 {
		return nil, errors.New("all of it at once")
	}
	last := l.entries
	if f.Before > 0 {
		last = f.Before - 1
	}
	var out []news.Audited
	for id := last; id > 0 && len(out) < f.Limit; id-- {
		if id == l.broken {
			return nil, errors.New("the disk is broken")
		}
		out = append(out, news.Audited{ID: id, By: "dana", Did: "login"})
	}
	return out, nil
}

// A list is read and sent part by part, each row once; one that can't be read to its
// end is no answer that could be taken for the whole.
func TestLongExport(t *testing.T) {
	for _, entries := range []int64{0, 1, 200, 1001} {
		r := open(t, func(o *review.Options) { o.People = longAudit{o.People, entries, -1} })
		status, body, _ := r.as("admin").get("/audit/export?format=csv")
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if status != http.StatusOK || err != nil || int64(len(rows)) != entries+1 {
			t.Fatalf("%d entries: status %d, %d rows (%v)", entries, status, len(rows), err)
		}
		for i, row := range rows[1:] {
			if want := strconv.FormatInt(entries-int64(i), 10); row[0] != want {
				t.Fatalf("row %d is entry %s, want %s", i, row[0], want)
			}
		}
	}
	r := open(t, func(o *review.Options) { o.People = longAudit{o.People, 500, 490} })
	if status, _, _ := r.as("admin").get("/audit/export?format=csv"); status != http.StatusInternalServerError {
		t.Errorf("a list that can't be read: %d", status)
	}
	r = open(t, func(o *review.Options) { o.People = longAudit{o.People, 500, 20} })
	b := r.as("admin")
	for _, zip := range []string{"gzip", "identity"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.server.URL+"/audit/export?format=csv", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", zip)
		res, err := b.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if !errors.Is(err, io.ErrUnexpectedEOF) || len(body) == 0 {
			t.Errorf("%s: a list that broke off came as whole: %d bytes (%v)", zip, len(body), err)
		}
	}
}
