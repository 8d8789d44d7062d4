// Package address reads addresses as they are found in feeds and pages, and
// tells when two of them lead to the same article.
//
// [Resolve] makes a link absolute, for people and for fetching. [Canonical]
// makes an identity of it: what only counts visits, what only chooses a
// layout and what only spells the same thing differently is taken away. A
// canonical address is to be compared and kept, not to be fetched: it may
// lack the "www." that a server insists on.
package address
