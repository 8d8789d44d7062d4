package date

import (
	"fmt"
	"time"
)

// Date is a moment, or a day where only the day is known. The zero Date is an
// unknown one.
type Date struct {
	Time time.Time // with the offset that was written; a bare day is its midnight in UTC
	Day  bool      // only the day is known
}

// IsZero reports whether the date is unknown.
func (d Date) IsZero() bool { return d.Time.IsZero() }

// UTC is the moment in UTC, the zero time for an unknown date.
func (d Date) UTC() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return d.Time.UTC()
}

// String is the date as RFC 3339 has it, a bare day as 2006-01-02, an unknown
// one as the empty string.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Day:
		return d.Time.Format(time.DateOnly)
	default:
		return d.Time.Format(time.RFC3339)
	}
}

// MarshalText writes what String gives.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) error {
	s := string(b)
	if s == "" {
		*d = Date{}
		return nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		*d = Date{Time: t, Day: true}
		return nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return fmt.Errorf("read date %q: %w", s, err)
	}
	*d = Date{Time: t}
	return nil
}
