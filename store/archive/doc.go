// Package archive keeps pages as they were received, in WARC 1.1 files (ISO
// 28500:2017): each record a gzip member of its own, so that one page can be
// read without what lies before it.
//
// A [Writer] only ever adds to the end of a file, and there is one at a time:
// it holds a lock on the folder. What a killed program left half-written at the
// end of a file is cut off by the next Writer; the whole records before it stand.
// Files are begun anew when they have grown to a size. [Read] finds a page again
// by its place and refuses it where its digest isn't that of its bytes.
//
// There are two series of files, so that what is kept of flagged articles never
// shares a file with what may be thrown away after a while.
package archive
