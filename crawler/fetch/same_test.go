package fetch

import (
	"net/url"
	"testing"
	"testing/synctest"
	"time"
)

// TestHostsThatCountAsOne: hosts of a group share one pace, others don't.
func TestHostsThatCountAsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHosts(time.Minute, []string{"a.example", "www.B.example"}, []string{"c.example"})
		began := time.Now()
		ask := func(host string) time.Duration {
			turn, err := h.wait(t.Context(), &url.URL{Scheme: "https", Host: host})
			if err != nil {
				t.Fatal(err)
			}
			turn.start()
			return time.Since(began)
		}
		for _, one := range []struct {
			host string
			want time.Duration
		}{{"a.example", 0}, {"c.example", 0}, {"b.example", time.Minute}, {"d.example", time.Minute}, {"www.a.example", 2 * time.Minute}} {
			if got := ask(one.host); got != one.want {
				t.Errorf("%s: asked after %v, want %v", one.host, got, one.want)
			}
		}
	})
}
