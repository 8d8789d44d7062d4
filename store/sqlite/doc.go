// Package sqlite keeps what Driftwatch must remember in one SQLite file. It is
// the [store.Store] of a single machine; what a store promises stands there.
//
// The file is in WAL mode, so that readers never wait for the writer. One
// connection writes; a process that finds another one writing waits for it up
// to Options.BusyTimeout. An Update survives the death of the process at once,
// and a loss of power with the next delivery that is leased or recorded, or the
// next checkpoint, whichever comes first; what a loss of power takes back is
// always whole Updates, the latest ones, and the next cycle does them again.
// What is recorded of deliveries is on the disk when the call returns.
//
// The file and the two beside it (-wal, -shm) can be read by their owner only.
// Times are stored as RFC 3339 text in UTC with milliseconds.
//
// Building needs cgo and the tag sqlite_fts5.
package sqlite
