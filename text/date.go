package text

import (
	"strings"
	"time"
)

// Precision is how exactly a text says when something was.
type Precision uint8

const (
	PrecisionDay Precision = iota
	PrecisionMonth
	PrecisionYear
)

// String is the precision in a word: day, month or year.
func (p Precision) String() string { return [...]string{"day", "month", "year"}[p] }

// Dated is a date that is written in a text.
type Dated struct {
	Start, End  int32 // bytes [Start, End) of the field
	First, Last int32 // words, inclusive
	Precision   Precision
	Clock       bool      // a time of day is written too: Time has it
	Time        time.Time // the beginning, in the zone of the reference
	Until       time.Time // the end, exclusive: the next day, month or year; of a range that of its last
}

// Age is how long before ref the date was over, negative where it wasn't: what
// tells an old event from a new one.
func (d Dated) Age(ref time.Time) time.Duration { return ref.Sub(d.Until) }

// Dates appends the dates that are written in f, in order, in any of the
// languages that are read: 24 ноября 2026 года, 24–26 қараша, 2026-жылдын
// ноябрында, November 24, 2022-yil, 24.11.2026, кеча, 3 дня назад, dushanba
// kuni. ref is when the text was written: from it days are counted, a date
// without a year is the last such day that isn't more than a quarter ahead, a
// day of the week the last one, and its zone is that of all times. Dates makes no
// garbage beyond dst.
func Dates(dst []Dated, f *Field, ref time.Time) []Dated {
	r := dateReader{f: f, ref: ref}
	for i := 0; i < len(f.Words); {
		d, next, ok := r.at(i)
		if !ok {
			i++
			continue
		}
		d.First, d.Last = int32(i), int32(next-1)
		if n := len(dst); n > 0 && r.joins(&dst[n-1], &d) {
			i = next
			continue
		}
		from := 0
		if n := len(dst); n > 0 {
			from = int(dst[n-1].Last) + 1
		}
		r.clock(&d, from)
		d.Start, d.End = f.Words[d.First].Start, f.Words[d.Last].End
		dst = append(dst, d)
		i = max(next, int(d.Last)+1)
	}
	return dst
}

// dateReader reads dates from the words of a field.
type dateReader struct {
	f     *Field
	ref   time.Time
	runes [MaxWord + 1]rune
}

// at reads the date that begins with word i; next is the word behind it.
func (r *dateReader) at(i int) (d Dated, next int, ok bool) {
	w := &r.f.Words[i]
	if w.Flags&Digit != 0 {
		return r.number(i)
	}
	if w.Letters > 20 {
		return d, 0, false
	}
	if n := nearHashes[w.Hash]; n != 0 && !r.isPart(i) {
		return r.days(r.today().AddDate(0, 0, n-farDay), 1), i + 1, true
	}
	if years, ok := thisYear[w.Hash]; ok {
		return r.years(r.ref.Year()+years, 1), i + 1, true
	}
	if yearBefore[w.Hash] {
		if y, _, ok := r.year(i + 1); ok && r.near(i+1) && !r.counts(i+2) {
			_, end := r.yearWord(i + 2)
			return r.years(y, 1), end, true
		}
	}
	if years, ok := yearPhrase[w.Hash]; ok && r.near(i+1) && yearWords[r.hash(i+1)] && r.letters(i+1) > 2 {
		return r.years(r.ref.Year()+years, 1), i + 2, true
	}
	if d, next, ok := r.wordsAgo(i); ok {
		return d, next, true
	}
	if d, next, ok := r.inWords(i); ok {
		return d, next, true
	}
	if days, ok := dayPhrase[w.Hash]; ok && r.near(i+1) && dayItself[r.hash(i+1)] {
		return r.days(r.today().AddDate(0, 0, days), 1), i + 2, true
	}
	if w.Letters < 3 {
		return d, 0, false
	}
	if d, ok := r.weekday(i); ok {
		return d, i + 1, true
	}
	if m, at := r.monthName(i); m > 0 {
		return r.monthFirst(i, m, at)
	}
	if d, ok := r.oneAgo(i); ok {
		return d, r.behindAgo(i + 1), true
	}
	return d, 0, false
}

// number reads a date that begins with a number.
func (r *dateReader) number(i int) (d Dated, next int, ok bool) {
	if d, next, ok := r.numeric(i); ok {
		return d, next, true
	}
	if y, decade, ok := r.year(i); ok {
		return r.yearFirst(i, y, decade)
	}
	n, ok := r.day(i)
	if !ok {
		return r.someAgo(i)
	}
	last, at := n, r.ordinal(i+1)
	if m, ok := r.day(at); ok && m > n && r.near(at) && r.hyphen(at) {
		last, at = m, r.ordinal(at+1)
	} else if between[r.hash(at)] {
		if m, ok := r.day(at + 1); ok && m > n {
			last, at = m, r.ordinal(at+2)
		}
	}
	m := 0
	if r.near(at) {
		m = r.month(at)
	}
	if m == 0 {
		return r.someAgo(i)
	}
	year, next := r.yearBehind(at+1, m, n)
	return r.dayOf(year, m, n, last), next, valid(year, m, n) && valid(year, m, last)
}

// numeric reads 24.11.2026, 24/11/2026, 24.11.26 and 2026-11-24.
func (r *dateReader) numeric(i int) (d Dated, next int, ok bool) {
	var n, digits [3]int
	w := &r.f.Words[i]
	s := r.f.Text[w.Start:w.Stem]
	next = i + 1
	if strings.Count(s, ".") == 2 {
		for k := range n {
			part, rest, _ := strings.Cut(s, ".")
			s = rest
			if n[k], digits[k] = parseDigits(part); digits[k] == 0 {
				return d, 0, false
			}
		}
	} else {
		sep := byte(0)
		for k := range n {
			if i+k >= len(r.f.Words) {
				return d, 0, false
			}
			if n[k], digits[k] = r.digits(i + k); digits[k] == 0 {
				return d, 0, false
			}
			if k == 0 {
				continue
			}
			c := r.between(i + k)
			if len(c) != 1 || c[0] != '-' && c[0] != '/' && c[0] != '.' || sep != 0 && c[0] != sep {
				return d, 0, false
			}
			sep = c[0]
		}
		next = i + 3
	}
	year, m, day := n[2], n[1], n[0]
	switch {
	case digits[0] == 4:
		year, day = n[0], n[2]
	case digits[2] == 2 && digits[0] <= 2 && digits[1] == 2:
		year += 2000
	case digits[2] != 4:
		return d, 0, false
	}
	if m > 12 && day <= 12 {
		m, day = day, m
	}
	if !valid(year, m, day) {
		return d, 0, false
	}
	return r.dayOf(year, m, day, day), next, true
}

// yearFirst reads what begins with a year: 2026 жылғы 24 қараша, 2026-жылдын
// ноябрында, 2022-yil, 2022 году, 2022–2024 годы.
func (r *dateReader) yearFirst(i, y int, decade bool) (d Dated, next int, ok bool) {
	last, at := y, i+1
	if to, _, ok := r.year(at); ok && to > y && r.hyphen(at) {
		last, at = to, at+1
	}
	named, at := r.yearWord(at)
	if named && last == y {
		if day, ok := r.day(at); ok && r.near(at) {
			if m := r.month(r.ordinal(at + 1)); m > 0 && valid(y, m, day) {
				return r.dayOf(y, m, day, day), r.ordinal(at+1) + 1, true
			}
		}
		if m, behind := r.monthName(at); m > 0 && r.near(at) {
			if day, next, ok := r.dayBehind(behind); ok && valid(y, m, day) {
				return r.dayOf(y, m, day, day), next, true
			}
			return r.monthOf(y, m), behind, true
		}
	}
	years := last - y + 1
	if decade {
		years = max(years, 10)
	}
	return r.years(y, years), at, named || decade
}

// monthFirst reads what begins with the name of a month: November 24, 2026;
// ноябре 2026 года; ноябре прошлого года; ноябри соли 2026; қарашаның 24-і. at
// is the word behind the name.
func (r *dateReader) monthFirst(i, m, at int) (d Dated, next int, ok bool) {
	english := englishMonths[r.hash(i)]
	if english && r.f.Words[i].Flags&Initial != 0 {
		if n, ok := r.day(i + 1); ok && r.near(i+1) {
			last, at := n, i+2
			if to, ok := r.day(at); ok && to > n && r.hyphen(at) {
				last, at = to, at+1
			}
			year, next := r.yearBehind(at, m, n)
			return r.dayOf(year, m, n, last), next, valid(year, m, n) && valid(year, m, last)
		}
	}
	if day, next, ok := r.dayBehind(at); ok {
		year := r.nearest(m, day)
		return r.dayOf(year, m, day, day), next, valid(year, m, day)
	}
	year, next := r.yearBehind(at, m, 1)
	if next == at {
		return d, 0, false
	}
	return r.monthOf(year, m), next, true
}

// monthName is the month that word i names, and the word behind the name.
func (r *dateReader) monthName(i int) (m, next int) {
	if m := r.month(i); m > 0 {
		return m, i + 1
	}
	return r.olderMonth(i)
}

// yearBehind is the year that word i and those behind it say, and the word
// behind them; i itself and the year nearest to the reference where they say
// none.
func (r *dateReader) yearBehind(i, m, day int) (year, next int) {
	at := i
	if yearBefore[r.hash(at)] && yearWords[r.hash(at)] && r.near(at) { // соли
		at++
	}
	if y, decade, ok := r.year(at); ok && !decade {
		named, next := r.yearWord(at + 1)
		if r.near(at) || r.between(at) == ", " && !named && !r.counts(at+1) {
			return y, next
		}
	}
	if years, ok := yearPhrase[r.hash(i)]; ok && r.near(i) && yearWords[r.hash(i+1)] {
		return r.ref.Year() + years, i + 2
	}
	return r.nearest(m, day), i
}

// nearFuture is how far ahead a day without a year may be. News tells more of
// what was than of what will be.
const nearFuture = 92 * 24 * time.Hour

// nearest is the year of the last such day that isn't further ahead of the
// reference than nearFuture.
func (r *dateReader) nearest(m, day int) int {
	limit := r.today().Add(nearFuture)
	y := limit.Year()
	if time.Date(y, time.Month(m), day, 0, 0, 0, 0, r.ref.Location()).After(limit) {
		y--
	}
	return y
}

// weekday reads the name of a day of the week: the last one before the
// reference, or the next one where the text says so.
func (r *dateReader) weekday(i int) (d Dated, ok bool) {
	day := weekdayStems.of(r.word(i), 3, 3) - 1
	if day < 0 {
		return d, false
	}
	if needDay[r.hash(i)] && !dayWords[r.hash(i+1)] && !dayBefore[r.hash(i-1)] {
		return d, false
	}
	back := (int(r.ref.Weekday()) - day + 7) % 7
	if i > 0 && nextWords[r.hash(i-1)] {
		back -= 7
	}
	return r.days(r.today().AddDate(0, 0, -back), 1), true
}

// someAgo reads "3 дня назад", "2 жыл бұрын".
func (r *dateReader) someAgo(i int) (d Dated, next int, ok bool) {
	n, digits := r.digits(i)
	if digits == 0 || digits > 3 || !r.near(i+2) || !agoWords[r.hash(i+2)] {
		return d, 0, false
	}
	d, ok = r.back(2*n, i+1)
	return d, r.behindAgo(i + 2), ok
}

// oneAgo reads "неделю назад", "a week ago".
func (r *dateReader) oneAgo(i int) (d Dated, ok bool) {
	if !r.near(i+1) || !agoWords[r.hash(i+1)] || i > 0 && (r.f.Words[i-1].Flags&Digit != 0 || vagueWords[r.hash(i-1)]) {
		return d, false
	}
	return r.back(2, i)
}

// back goes so many halves of the unit that word i names back from the reference.
func (r *dateReader) back(halves, i int) (d Dated, ok bool) {
	unit := r.word(i)
	if minutes := units.of(unit, 1, monthEnding); minutes >= 24*60 {
		return r.days(midnight(r.ref.AddDate(0, 0, -halves*minutes/(2*24*60))), 1), true
	} else if minutes > 0 {
		return r.minutesAgo(halves * minutes / 2), true
	}
	switch m := longUnits.of(unit, 1, 3) * halves / 2; {
	case m == 0:
		return d, false
	case m%12 == 0:
		return r.years(r.ref.Year()-m/12, 1), true
	default:
		at := time.Date(r.ref.Year(), r.ref.Month()-time.Month(m), 1, 0, 0, 0, 0, r.ref.Location())
		return r.monthOf(at.Year(), int(at.Month())), true
	}
}

// minutesAgo is so many minutes before the reference.
func (r *dateReader) minutesAgo(n int) Dated {
	at := r.ref.Add(-time.Duration(n) * time.Minute)
	d := r.days(midnight(at), 1)
	d.Time, d.Clock = at.Truncate(time.Minute), true
	return d
}

// joins makes d the end of the date before it, where only a hyphen or a
// bracket parts them and one says the other again or goes on with it: вчера, 24
// ноября; понедельник (24 ноября); 24 ноября – 2 декабря.
func (r *dateReader) joins(before, d *Dated) bool {
	if int(d.First) != int(before.Last)+1 || before.Precision != PrecisionDay || d.Precision != PrecisionDay {
		return false
	}
	gap := strings.TrimSpace(r.f.Text[before.End:r.f.Words[d.First].Start])
	switch gap {
	case "–", "—", "-":
		if !d.Time.After(before.Time) {
			return false
		}
		before.Until = d.Until
	case ",", "(", "":
		if !d.Time.Equal(midnight(before.Time)) {
			return false
		}
	default:
		return false
	}
	before.Last = d.Last
	before.End = r.f.Words[d.Last].End
	return true
}

// clock adds the time of day that is written behind a day, or right before it:
// сегодня, 14:05; 14:05, 24.11.2026; bugun soat 14:05 da. Words before from
// belong to another date.
func (r *dateReader) clock(d *Dated, from int) {
	if d.Precision != PrecisionDay || d.Clock {
		return
	}
	for at := int(d.Last) + 1; at <= int(d.Last)+2; at++ {
		if at > int(d.Last)+1 && !clockWords[r.hash(at-1)] {
			break
		}
		if h, m, ok := r.timeAt(at); ok {
			d.Time, d.Clock, d.Last = d.Time.Add(time.Duration(h*60+m)*time.Minute), true, int32(at+1)
			return
		}
	}
	if at := int(d.First) - 2; at >= from {
		if h, m, ok := r.timeAt(at); ok && r.f.Words[at].Sentence == r.f.Words[d.First].Sentence {
			d.Time, d.Clock, d.First = d.Time.Add(time.Duration(h*60+m)*time.Minute), true, int32(at)
		}
	}
}

var clockWords = hashes(`в at сағат саат soat соат соати sagat час`)

// timeAt reads h:mm from words i and i+1.
func (r *dateReader) timeAt(i int) (h, m int, ok bool) {
	h, hd := r.digits(i)
	m, md := r.digits(i + 1)
	ok = hd > 0 && hd <= 2 && md == 2 && h < 24 && m < 60 && r.between(i+1) == ":"
	return h, m, ok
}

// today is the midnight that the day of the reference began with.
func (r *dateReader) today() time.Time { return midnight(r.ref) }

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

func (r *dateReader) days(from time.Time, n int) Dated {
	return Dated{Time: from, Until: from.AddDate(0, 0, n)}
}

func (r *dateReader) dayOf(year, m, day, last int) Dated {
	at := time.Date(year, time.Month(m), day, 0, 0, 0, 0, r.ref.Location())
	return r.days(at, max(last-day, 0)+1)
}

func (r *dateReader) monthOf(year, m int) Dated {
	at := time.Date(year, time.Month(m), 1, 0, 0, 0, 0, r.ref.Location())
	return Dated{Time: at, Until: at.AddDate(0, 1, 0), Precision: PrecisionMonth}
}

func (r *dateReader) years(year, n int) Dated {
	at := time.Date(year, 1, 1, 0, 0, 0, 0, r.ref.Location())
	return Dated{Time: at, Until: at.AddDate(n, 0, 0), Precision: PrecisionYear}
}

func valid(year, m, day int) bool {
	return m >= 1 && m <= 12 && day >= 1 && time.Date(year, time.Month(m), day, 0, 0, 0, 0, time.UTC).Day() == day
}

// hash is that of word i, 0 beyond the ends.
func (r *dateReader) hash(i int) uint64 {
	if i < 0 || i >= len(r.f.Words) {
		return 0
	}
	return r.f.Words[i].Hash
}

func (r *dateReader) letters(i int) int {
	if i < 0 || i >= len(r.f.Words) {
		return 0
	}
	return int(r.f.Words[i].Letters)
}

// word is word i folded, until the next call; empty beyond the ends.
func (r *dateReader) word(i int) []rune {
	if n := r.letters(i); n == 0 || n > MaxWord {
		return nil
	}
	return r.f.foldedRunes(r.runes[:0], i, false)
}

// month is the month that word i names, 0 for none.
func (r *dateReader) month(i int) int {
	if n := r.letters(i); n < 3 || n > 20 || r.f.Words[i].Flags&Digit != 0 {
		return 0
	}
	return month(r.word(i))
}

// near reports whether word i stands behind the word before it with nothing
// but spaces, a hyphen or a dot between them.
func (r *dateReader) near(i int) bool {
	return i > 0 && i < len(r.f.Words) && r.f.Words[i].Flags&Apart == 0 && r.f.Words[i].Sentence == r.f.Words[i-1].Sentence
}

// between is what stands between word i and the one before it.
func (r *dateReader) between(i int) string {
	if i <= 0 || i >= len(r.f.Words) {
		return ""
	}
	return r.f.Text[r.f.Words[i-1].End:r.f.Words[i].Start]
}

// hyphen reports whether only a hyphen or a dash parts word i from the one
// before it.
func (r *dateReader) hyphen(i int) bool {
	switch strings.TrimSpace(r.between(i)) {
	case "-", "–", "—", "‑", "−":
		return true
	}
	return false
}

// isPart reports whether a word is joined to its neighbours by hyphens, as a
// part of a name.
func (r *dateReader) isPart(i int) bool {
	return i > 0 && r.between(i) == "-" || i+1 < len(r.f.Words) && r.between(i+1) == "-"
}

// ordinal is i, or the word behind it where word i is what makes a number the
// day of a month: nji, ші, of.
func (r *dateReader) ordinal(i int) int {
	if i < len(r.f.Words) && ordinals[r.hash(i)] && r.near(i) {
		return i + 1
	}
	return i
}

// yearWord reports whether word i says that the number before it is a year,
// and gives the word behind it.
func (r *dateReader) yearWord(i int) (named bool, next int) {
	at := i
	if ordinals[r.hash(at)] && r.hyphen(at) {
		at++
	}
	if at < len(r.f.Words) && yearWords[r.hash(at)] && r.near(at) {
		return true, at + 1
	}
	return false, i
}

// counts reports whether word i makes the number before it an amount.
func (r *dateReader) counts(i int) bool {
	if i >= len(r.f.Words) || !r.near(i) {
		return false
	}
	w := &r.f.Words[i]
	return w.Flags&(Upper|Digit) == 0 && !yearWords[w.Hash] && !yearBefore[w.Hash] && r.month(i) == 0 && w.Letters > 3
}

// day is the number of a day of a month: 24, 24th.
func (r *dateReader) day(i int) (int, bool) {
	if i >= len(r.f.Words) {
		return 0, false
	}
	w := &r.f.Words[i]
	s := r.f.Text[w.Start:w.Stem]
	n, digits := parseDigits(s)
	if digits == 0 || digits > 2 || n < 1 || n > 31 {
		return 0, false
	}
	switch s[digits:] {
	case "", "th", "st", "nd", "rd":
		return n, true
	}
	return 0, false
}

// year is the number of a year from 1900 to 2099: 2026, 1990s.
func (r *dateReader) year(i int) (y int, decade, ok bool) {
	if i < 0 || i >= len(r.f.Words) {
		return 0, false, false
	}
	w := &r.f.Words[i]
	s := r.f.Text[w.Start:w.Stem]
	n, digits := parseDigits(s)
	if digits != 4 || n < 1900 || n > 2099 {
		return 0, false, false
	}
	switch rest := s[4:]; {
	case rest == "" && w.Stem < w.End && strings.HasSuffix(r.f.Text[w.Stem:w.End], "х"):
		return n, n%10 == 0, true
	case rest == "s" && n%10 == 0:
		return n, true, true
	case rest == "" || rest == "ж" || rest == "г" || rest == "й" || rest == "y":
		return n, false, true
	}
	return 0, false, false
}

// digits is the value of a word that is a number, and how many digits it has;
// none for another word.
func (r *dateReader) digits(i int) (n, digits int) {
	if i < 0 || i >= len(r.f.Words) {
		return 0, 0
	}
	w := &r.f.Words[i]
	s := r.f.Text[w.Start:w.Stem]
	if n, digits = parseDigits(s); digits != len(s) {
		return 0, 0
	}
	return n, digits
}

// parseDigits is the number that s begins with and how many digits it has; of
// more than nine, none.
func parseDigits(s string) (n, digits int) {
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		if digits == 9 {
			return 0, 0
		}
		n = n*10 + int(s[digits]-'0')
		digits++
	}
	return n, digits
}
