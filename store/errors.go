package store

import "errors"

// The errors that callers tell apart. A store wraps them with what was being
// done to what, and, where there is something to be done, with what to do.
var (
	// ErrNotFound: what was asked for isn't stored.
	ErrNotFound = errors.New("not found")
	// ErrExists: it is stored already, or the file to write is there already.
	ErrExists = errors.New("exists already")
	// ErrSent: the delivery is recorded as sent, which is final.
	ErrSent = errors.New("sent already")
	// ErrApart: a person has split what the program would merge.
	ErrApart = errors.New("kept apart by an analyst")
	// ErrWhole: nothing would be left of a story.
	ErrWhole = errors.New("these are all articles of the story")
	// ErrLastAdmin: without this user nobody could let others in.
	ErrLastAdmin = errors.New("this is the last admin")
	// ErrTooNew: the database was written by a newer program.
	ErrTooNew = errors.New("the database is newer than this program")
	// ErrBusy: another process held the database for too long.
	ErrBusy = errors.New("another process is writing to the database")
	// ErrFull: the disk, or the database's own limit, is full.
	ErrFull = errors.New("no space left for the database")
	// ErrReadOnly: the file or its folder can't be written.
	ErrReadOnly = errors.New("the database can't be written")
	// ErrCorrupt: the file is damaged, or no database of ours.
	ErrCorrupt = errors.New("the database is damaged or is none")
)
