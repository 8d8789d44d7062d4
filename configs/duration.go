package configs

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

var errDuration = errors.New("a length of time is expected here, such as 90s, 15m, 48h or 2d")

// ParseDuration reads a length of time as time.ParseDuration does, and days
// ("2d", "1d12h") of 24 hours as well. It can't be negative.
func ParseDuration(s string) (time.Duration, error) {
	if s == "" || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		return 0, errDuration
	}
	days, rest, found := strings.Cut(s, "d")
	if !found {
		d, err := time.ParseDuration(s)
		if err != nil {
			return 0, errDuration
		}
		return d, nil
	}
	n, err := strconv.ParseUint(days, 10, 16)
	if err != nil {
		return 0, errDuration
	}
	whole := time.Duration(n) * 24 * time.Hour
	if rest == "" {
		return whole, nil
	}
	part, err := ParseDuration(rest)
	if err != nil || strings.Contains(rest, "d") || whole+part < whole {
		return 0, errDuration
	}
	return whole + part, nil
}
