// Package archive has the program's archive of pages read by somebody else's
// reader of WARC files.
package archive
