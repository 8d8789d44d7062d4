// Package feed reads what an outlet lists: RSS, Atom and JSON feeds as they
// are in the wild.
//
// It is a pure reader: bytes in, values out. It asks no network and no clock,
// its time grows with the length of the body, and it reads no more than
// [MaxItems] items.
package feed
