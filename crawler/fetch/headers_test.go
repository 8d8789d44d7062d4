package fetch

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRetryAfterHeader(t *testing.T) {
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		header string
		want   time.Duration
	}{
		{"", 0},
		{"0", 0},
		{"90", 90 * time.Second},
		{" 90 ", 90 * time.Second},
		{"86401", MaxRetryAfter},
		{"99999999999999999999999", MaxRetryAfter},
		{"9223372037", MaxRetryAfter},
		{"-90", 0},
		{"1.5", 0},
		{"soon", 0},
		{"Mon, 02 Nov 2026 10:05:00 GMT", 5 * time.Minute},
		{"Monday, 02-Nov-26 10:05:00 GMT", 5 * time.Minute},
		{"Mon Nov  2 10:05:00 2026", 5 * time.Minute},
		{"Mon, 02 Nov 2026 09:00:00 GMT", 0},
		{"Fri, 31 Dec 9999 23:59:59 GMT", MaxRetryAfter},
	}
	for _, tt := range tests {
		if got := retryAfter(tt.header, now); got != tt.want {
			t.Errorf("%q: %v, want %v", tt.header, got, tt.want)
		}
	}
}

func TestMaxAge(t *testing.T) {
	tests := []struct {
		cacheControl []string
		age          string
		want         time.Duration
	}{
		{nil, "", 0},
		{[]string{"max-age=600"}, "", 10 * time.Minute},
		{[]string{"public, Max-Age=600"}, "60", 9 * time.Minute},
		{[]string{"public", `max-age="600"`}, "", 10 * time.Minute},
		{[]string{"max-age=600"}, "601", 0},
		{[]string{"max-age=600, no-cache"}, "", 0},
		{[]string{"no-store"}, "", 0},
		{[]string{"max-age=-1"}, "", 0},
		{[]string{"max-age=600,"}, "late", 10 * time.Minute},
		{[]string{"s-maxage=600"}, "", 0},
	}
	for _, tt := range tests {
		h := http.Header{"Cache-Control": tt.cacheControl}
		if tt.age != "" {
			h.Set("Age", tt.age)
		}
		if got := MaxAge(h, time.Now()); got != tt.want {
			t.Errorf("%q of age %q: %v, want %v", tt.cacheControl, tt.age, got, tt.want)
		}
	}
}

func TestExpires(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	at := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, tt := range []struct {
		name   string
		header map[string]string
		want   time.Duration
	}{
		{"from now", map[string]string{"Expires": at(time.Hour)}, time.Hour},
		{"by the server's clock, which is wrong", map[string]string{"Expires": at(25 * time.Hour), "Date": at(24 * time.Hour)}, time.Hour},
		{"less what it lay in a cache", map[string]string{"Expires": at(time.Hour), "Age": "600"}, 50 * time.Minute},
		{"max-age goes first", map[string]string{"Expires": at(time.Hour), "Cache-Control": "max-age=60"}, time.Minute},
		{"max-age of nothing", map[string]string{"Expires": at(time.Hour), "Cache-Control": "max-age=0"}, 0},
		{"not to be kept", map[string]string{"Expires": at(time.Hour), "Cache-Control": "no-cache"}, 0},
		{"over", map[string]string{"Expires": at(-time.Hour)}, 0},
		{"no date", map[string]string{"Expires": "0"}, 0},
	} {
		h := http.Header{}
		for name, value := range tt.header {
			h.Set(name, value)
		}
		if got := MaxAge(h, now); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestValidators(t *testing.T) {
	h := http.Header{"Etag": {`W/"1"`}, "Last-Modified": {strings.Repeat("x", 5000)}}
	if etag, modified := Validators(h); etag != `W/"1"` || modified != "" {
		t.Errorf("validators %q and %q", etag, modified)
	}
}
