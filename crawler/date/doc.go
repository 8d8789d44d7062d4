// Package date reads the dates that feeds and pages are dated with: RFC 3339
// and its relatives, RFC 822 and its relatives, seconds since 1970, and dates
// written out in the languages of the region.
//
// A [Date] keeps what was said and no more: the offset that was written, and
// whether a time of day was written at all. A time without an offset is taken
// as UTC.
package date
