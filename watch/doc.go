// Package watch is the only room that knows all the others. It runs a cycle:
// what is due is polled, what is new is read, flagged, grouped and filed with
// its deliveries in one transaction, and what is owed is told, while the
// polling still goes on. [Daemon] does the same on a schedule.
//
// A cycle that dies leaves nothing half-written: an article and its hits,
// story and deliveries are filed together or not at all, and a source's
// validators are kept only once all that its listing named is filed, so that
// the next cycle is given the rest.
package watch
