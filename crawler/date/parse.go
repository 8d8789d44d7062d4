package date

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"driftwatch/text"
)

// Options are what a reader must know beside the text.
type Options struct {
	// Now is the moment that "today" and "2 hours ago" are counted from, and in
	// whose year a date without one lies. Zero: such dates are not read.
	Now time.Time
	// Zone is the zone of a time that is written without one; nil is UTC.
	Zone *time.Location
}

// maxText is how many bytes of a text are searched for a date.
const maxText = 512

// Parse reads the first date that is written in s. It reports false where there
// is none.
func Parse(s string, o Options) (Date, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Date{}, false
	}
	if d, ok := unix(s); ok {
		return d, true
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	r := reader{tokens: split(s), o: o}
	return r.read()
}

// unix reads seconds, milliseconds or microseconds since 1970, written as
// digits alone, and the compact form 20261124 of ISO 8601. What is finer than a
// second is dropped, as it is from a time of day.
func unix(s string) (Date, bool) {
	n := int64(0)
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > 1<<59 {
			return Date{}, false
		}
		n = n*10 + int64(c-'0')
	}
	var t time.Time
	switch len(s) {
	case 8:
		t, _ = time.Parse("20060102", s)
	case 10:
		t = time.Unix(n, 0).UTC()
	case 13:
		t = time.UnixMilli(n).UTC()
	case 16:
		t = time.UnixMicro(n).UTC()
	}
	return Date{Time: t.Truncate(time.Second), Day: len(s) == 8}, plausible(t.Year())
}

// token is a run of digits, a run of letters, or one other character.
type token struct {
	text   string // letters in lower case
	n      int    // value of digits, -1 otherwise
	digits int    // how many digits
	word   bool
}

func (t token) is(s string) bool { return t.text == s }

// split cuts a text into tokens. White space is left out: what a date means
// doesn't hang on it, but for the space that parts a date from a negative
// offset, which the order of tokens tells too.
func split(s string) []token {
	s = s[:min(len(s), maxText)]
	tokens := make([]token, 0, 16)
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		n := size
		switch {
		case r >= '0' && r <= '9':
			value := 0
			for n = 0; n < len(s) && s[n] >= '0' && s[n] <= '9'; n++ {
				value = min(value*10+int(s[n]-'0'), 1<<30)
			}
			tokens = append(tokens, token{text: s[:n], n: value, digits: n})
		case unicode.IsLetter(r):
			for n < len(s) {
				r, size := utf8.DecodeRuneInString(s[n:])
				if !unicode.IsLetter(r) && !unicode.IsMark(r) {
					break
				}
				n += size
			}
			tokens = append(tokens, token{text: strings.ToLower(s[:n]), n: -1, word: true})
		case !unicode.IsSpace(r):
			tokens = append(tokens, token{text: s[:n], n: -1})
		}
		s = s[n:]
	}
	return tokens
}

// reader finds a time of day and its zone, then a day, among tokens.
type reader struct {
	tokens []token
	o      Options
}

// clock is a time of day.
type clock struct {
	known        bool
	h, m, s      int
	zone         *time.Location // nil: not written
	first, after int            // tokens that it takes up
}

func (r *reader) read() (Date, bool) {
	if d, ok := r.ago(); ok {
		return d, true
	}
	c := r.clock()
	year, mon, day, ok := r.day(c)
	if !ok {
		return Date{}, false
	}
	if !c.known {
		return Date{Time: time.Date(year, time.Month(mon), day, 0, 0, 0, 0, time.UTC), Day: true}, true
	}
	zone := c.zone
	if zone == nil {
		zone = r.o.Zone
	}
	return Date{Time: time.Date(year, time.Month(mon), day, c.h, c.m, c.s, 0, zone)}, true
}

// ago reads "2 hours ago".
func (r *reader) ago() (Date, bool) {
	if r.o.Now.IsZero() {
		return Date{}, false
	}
	minutes := 0
	for i, t := range r.tokens {
		if t.word && minutes > 0 && text.Ago(t.text) {
			when := r.o.Now.Add(-time.Duration(minutes) * time.Minute).In(r.o.Zone)
			return Date{Time: when.Truncate(time.Minute), Day: minutes >= 1440}, true
		}
		if t.word && text.TimeUnit(t.text) > 0 {
			minutes += r.halves(i) * text.TimeUnit(t.text) / 2
		}
	}
	return Date{}, false
}

// halves is how many halves of the unit that token i names are meant: 2 hours,
// two hours, ярим соат, an hour, час.
func (r *reader) halves(i int) int {
	switch before := r.at(i - 1); {
	case before.n >= 0:
		return 2 * min(before.n, 1000)
	case before.is("an"), before.is("a"): // half an hour
		if r.at(i-2).word && text.Amount(r.at(i-2).text) == 1 {
			return 1
		}
		return 2
	case before.word && text.Amount(before.text) > 0:
		return text.Amount(before.text)
	}
	return 2
}

// clock finds h:mm, h:mm:ss or, after a T, hhmm; then am or pm and a zone.
func (r *reader) clock() clock {
	t := r.tokens
	for i := range t {
		if c, ok := r.clockAt(i); ok {
			r.zone(&c)
			return c
		}
	}
	return clock{first: len(t), after: len(t)}
}

func (r *reader) clockAt(i int) (clock, bool) {
	if c, ok := r.compactClock(i); ok {
		return c, true
	}
	hour, minute := r.at(i), r.at(i+2)
	if hour.n < 0 || hour.n > 24 || hour.digits > 2 || !r.at(i+1).is(":") || minute.n < 0 || minute.n > 59 {
		return clock{}, false
	}
	c := clock{known: true, h: hour.n, m: minute.n, first: i, after: i + 3}
	if s := r.at(i + 4); r.at(i+3).is(":") && s.n >= 0 && s.n <= 60 && s.digits <= 2 {
		c.s, c.after = min(s.n, 59), i+5
		if f := r.at(i + 6); (r.at(i+5).is(".") || r.at(i+5).is(",")) && f.digits > 0 && !r.startsDate(i+6) {
			c.after = i + 7
		}
	}
	if c.h == 24 {
		if c.m+c.s > 0 {
			return clock{}, false
		}
		c.h, c.m, c.s = 23, 59, 59
	}
	r.half(&c)
	return c, true
}

// compactClock reads the Thhmm and Thhmmss of ISO 8601.
func (r *reader) compactClock(i int) (clock, bool) {
	t := r.at(i)
	if !r.at(i-1).is("t") || t.digits != 4 && t.digits != 6 {
		return clock{}, false
	}
	n := t.n
	if t.digits == 4 {
		n *= 100
	}
	c := clock{known: true, h: n / 10000, m: n / 100 % 100, s: n % 100, first: i, after: i + 1}
	return c, c.h < 24 && c.m < 60 && c.s < 60
}

// startsDate reports whether the digits at i are followed by what makes them
// the day of a date rather than the fraction of a second.
func (r *reader) startsDate(i int) bool {
	next := r.at(i + 1)
	return next.is(".") || next.is("/") || next.word && text.Month(next.text) > 0
}

// half reads am and pm, a.m. and p.m.
func (r *reader) half(c *clock) {
	half, after := r.at(c.after).text, c.after+1
	if (half == "a" || half == "p") && r.at(after).is(".") && r.at(after+1).is("m") {
		half += "m"
		after += 2
	}
	if half != "am" && half != "pm" || c.h > 12 {
		return
	}
	if r.at(after).is(".") {
		after++
	}
	c.h %= 12
	if half == "pm" {
		c.h += 12
	}
	c.after = after
}

// zone reads the zone after a time of day: Z, +05:00, +0500, +5, GMT+5, MSK,
// and names that stand in brackets or after an offset, which is what counts.
func (r *reader) zone(c *clock) {
	i := c.after
	if r.at(i).is("(") {
		i++
	}
	named := -1
	if m, ok := zones[r.at(i).text]; ok && r.at(i).word {
		named, i = m, i+1
		c.zone, c.after = fixed(m), i
	}
	sign := r.at(i)
	for r.at(i).is("-") && r.at(i+1).is("-") {
		i++
	}
	if !sign.is("+") && !sign.is("-") && !sign.is("−") || r.at(i+1).n < 0 {
		return
	}
	minutes, after, ok := r.offset(i + 1)
	if !ok {
		return
	}
	if !sign.is("+") {
		minutes = -minutes
	}
	c.zone, c.after = fixed(max(named, 0)+minutes), after
}

// offset reads the digits of an offset from Greenwich.
func (r *reader) offset(i int) (minutes, after int, ok bool) {
	t := r.at(i)
	switch {
	case t.digits >= 3 && t.digits <= 4:
		minutes, after = t.n/100*60+t.n%100, i+1
	case t.digits <= 2 && r.at(i+1).is(":") && r.at(i+2).n >= 0 && r.at(i+2).n < 60:
		minutes, after = t.n*60+r.at(i+2).n, i+3
	case t.digits <= 2 && !r.startsDate(i) && !r.at(i+1).is("-"):
		minutes, after = t.n*60, i+1
	}
	return minutes, after, after > 0 && minutes <= 15*60
}

func fixed(minutes int) *time.Location {
	if minutes == 0 {
		return time.UTC
	}
	return time.FixedZone("", minutes*60)
}

// day finds the day, outside the tokens of the time of day.
func (r *reader) day(c clock) (year, mon, day int, ok bool) {
	for i := range r.tokens {
		if i >= c.first && i < c.after {
			continue
		}
		if year, mon, day, ok = r.numeric(i); ok {
			return year, mon, day, true
		}
		if m := r.monthAt(i); m > 0 {
			if year, mon, day, ok = r.named(i, m, c); ok {
				return year, mon, day, true
			}
		}
		if n, known := r.near(i); known && n <= 0 && r.tokens[i].word && !r.o.Now.IsZero() {
			t := r.o.Now.In(r.o.Zone).AddDate(0, 0, n)
			return t.Year(), int(t.Month()), t.Day(), true
		}
	}
	return 0, 0, 0, false
}

// near is the day that token i names by its distance from today; two words name
// one, too: şu gün, бу кун.
func (r *reader) near(i int) (days int, ok bool) {
	if days, ok = text.NearDay(r.at(i).text); !ok && r.at(i).word && r.at(i+1).word {
		return text.NearDay(r.at(i).text + r.at(i+1).text)
	}
	return days, ok
}

func (r *reader) monthAt(i int) int {
	if !r.at(i).word {
		return 0
	}
	return text.Month(r.at(i).text)
}

// numeric reads 2026-11-24, 24.11.2026, 24/11/26 and, where the second number
// can't be a month, 11/24/2026.
func (r *reader) numeric(i int) (year, mon, day int, ok bool) {
	a, sep, b, c := r.at(i), r.at(i+1).text, r.at(i+2), r.at(i+4)
	if a.digits == 8 && r.at(i+1).is("t") {
		year, mon, day = a.n/10000, a.n/100%100, a.n%100
		return year, mon, day, valid(year, mon, day)
	}
	if sep != "-" && sep != "." && sep != "/" || r.at(i+3).text != sep || a.n < 0 || b.n < 0 || c.n < 0 {
		return 0, 0, 0, false
	}
	if i > 0 && r.at(i-1).text == sep && r.at(i-2).n >= 0 {
		return 0, 0, 0, false
	}
	switch {
	case a.digits == 4:
		year, mon, day = a.n, b.n, c.n
	case c.digits == 4:
		year, mon, day = c.n, b.n, a.n
	case c.digits == 2 && sep != "-":
		year, mon, day = 2000+c.n, b.n, a.n
	default:
		return 0, 0, 0, false
	}
	if mon > 12 && day <= 12 && sep == "/" {
		mon, day = day, mon
	}
	return year, mon, day, valid(year, mon, day)
}

// named reads the day and the year around the month's name at i: 24 ноября
// 2026, November 24th, 2026, 2026 жылғы 24 қараша, 24-nji noýabr, Nov 24
// 15:04:05 2026.
func (r *reader) named(i, mon int, c clock) (year, m, day int, ok bool) {
	free := func(j int) bool { return j < c.first || j >= c.after }
	dayAt := -1
	for j := i - 1; j >= max(0, i-3) && dayAt < 0; j-- {
		if t := r.at(j); free(j) && t.digits >= 1 && t.digits <= 2 && t.n <= 31 {
			dayAt = j
		} else if t.n >= 0 {
			break
		}
	}
	for j := i + 1; j <= i+2 && dayAt < 0; j++ {
		if t := r.at(j); free(j) && t.digits >= 1 && t.digits <= 2 && t.n <= 31 {
			dayAt = j
		}
	}
	if dayAt < 0 {
		return 0, 0, 0, false
	}
	day = r.at(dayAt).n
	year = r.yearNear(i, dayAt, free)
	if year == 0 {
		year = r.yearOf(mon, day)
	}
	return year, mon, day, valid(year, mon, day)
}

// yearNear finds the year beside a month and day: four digits after them, or
// before them, or two digits right after them.
func (r *reader) yearNear(monthAt, dayAt int, free func(int) bool) int {
	last, first := max(monthAt, dayAt), min(monthAt, dayAt)
	for j := last + 1; j < len(r.tokens); j++ {
		if t := r.at(j); t.digits == 4 && plausible(t.n) && free(j) {
			return t.n
		}
		if j > last+4 && free(j) {
			break
		}
	}
	for j := first - 1; j >= max(0, first-4); j-- {
		if t := r.at(j); t.digits == 4 && plausible(t.n) {
			return t.n
		}
	}
	for j := last + 1; j <= last+2; j++ {
		if t := r.at(j); t.digits == 2 && free(j) {
			if t.n >= 90 {
				return 1900 + t.n
			}
			return 2000 + t.n
		}
	}
	return 0
}

// yearOf gives the year of the latest such day that isn't after now, 0 where
// now isn't known.
func (r *reader) yearOf(mon, day int) int {
	if r.o.Now.IsZero() {
		return 0
	}
	now := r.o.Now.In(r.o.Zone)
	if time.Date(now.Year(), time.Month(mon), day, 0, 0, 0, 0, r.o.Zone).After(now) {
		return now.Year() - 1
	}
	return now.Year()
}

// at is the token at i, an empty one beyond the ends.
func (r *reader) at(i int) token {
	if i < 0 || i >= len(r.tokens) {
		return token{n: -1}
	}
	return r.tokens[i]
}

func plausible(year int) bool { return year >= 1990 && year <= 2100 }

func valid(year, mon, day int) bool {
	if !plausible(year) || mon < 1 || mon > 12 || day < 1 {
		return false
	}
	return time.Date(year, time.Month(mon), day, 0, 0, 0, 0, time.UTC).Day() == day
}
