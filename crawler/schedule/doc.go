// Package schedule says which sources are to be polled now, and what a poll
// means for the next one. It is pure: the clock is an argument, and what was
// learned is a [news.SourceState] that the caller keeps.
//
// A source that answers is polled again after its interval, or later: when it
// publishes little at that hour and on that day of the week, by what its items
// have shown, up to an hour or six intervals; or when its answer says that it stays as it is for
// longer. A source that fails is left
// alone for longer each time, up to a day, and never asked before the time
// that it named. A source that says it is gone is asked no more until its
// address changes.
package schedule
