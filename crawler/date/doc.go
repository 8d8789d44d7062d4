// Package date reads the dates that feeds and pages are dated with: RFC 3339
// and its relatives, RFC 822 and its relatives, seconds since 1970, and dates
// as people write them, in Russian, English and the languages of Central Asia
// and its neighbours, "сегодня, 14:05" among them.
//
// A [Date] keeps what was said and no more: the offset that was written, and
// whether a time of day was written at all. Where no offset was written, the
// caller says which zone is meant. The words for months, days and units are
// those of package text, which reads dates inside articles.
//
// Dates that can't be, the 31st of February, are not read, and neither are
// years before 1990 and after 2100: what looks like one in a feed is a fault.
package date
