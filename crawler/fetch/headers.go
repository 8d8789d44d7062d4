package fetch

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MaxRetryAfter is the longest that a host can ask us to stay away.
const MaxRetryAfter = 24 * time.Hour

// Validators are what an answer with header h can be asked about later (RFC
// 9110, 8.8), as the server wrote them; one that is longer than worth keeping
// is "".
func Validators(h http.Header) (etag, lastModified string) {
	return validator(h.Get("ETag")), validator(h.Get("Last-Modified"))
}

func validator(v string) string {
	const most = 1 << 10
	if len(v) > most {
		return ""
	}
	return v
}

// MaxAge is for how long an answer that came at now says that it stays as it is:
// max-age of Cache-Control, or else Expires (RFC 9111, 4.2.1), less the time that
// it already lay in a cache; 0 where it is not to be kept.
func MaxAge(h http.Header, now time.Time) time.Duration {
	fresh, said := time.Duration(0), false
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(name) {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			fresh, _ = seconds(strings.Trim(value, `"`))
			said = true
		}
	}
	if expires, err := http.ParseTime(h.Get("Expires")); err == nil && !said {
		if date, err := http.ParseTime(h.Get("Date")); err == nil {
			now = date // by the server's own clock
		}
		fresh = expires.Sub(now)
	}
	lain, _ := seconds(strings.TrimSpace(h.Get("Age")))
	return max(0, fresh-lain)
}

// retryAfter reads a Retry-After header (RFC 9110, 10.2.3), seconds or a date,
// up to MaxRetryAfter; 0 when it says nothing that is still to come.
func retryAfter(v string, now time.Time) time.Duration {
	v = strings.TrimSpace(v)
	if n, ok := seconds(v); ok {
		return min(n, MaxRetryAfter)
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return max(0, min(at.Sub(now), MaxRetryAfter))
}

// seconds reads a number of seconds; one that is too large for a Duration is
// the longest one.
func seconds(v string) (time.Duration, bool) {
	if v == "" || strings.Trim(v, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n > math.MaxInt64/int64(time.Second) {
		return math.MaxInt64, true
	}
	return time.Duration(n) * time.Second, true
}
