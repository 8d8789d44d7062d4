// Package feed reads what an outlet lists: RSS of every version, Atom, CDF and
// JSON feeds as they are in the wild, in the wrong encoding, ill-formed, cut
// off.
//
// [Parse] is a pure reader: bytes in, values out. It asks no network and no
// clock, takes time in proportion to the length of the body, expands no
// entities of a document's own, and reads no more than [MaxItems] items.
//
// [ParseJSON] does the same for endpoints that answer JSON: WordPress's posts, and
// others whose catalogue entry says where things are.
//
// Feeds are read by gofeed. Before that, a pass over the body brings what gofeed
// can't read to what it can; the tables in names.go are the whole of what is
// taken over.
package feed
