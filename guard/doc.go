// Package guard says whom the program may talk to, how much of an answer it
// listens to, and what of it may be shown.
//
// A [Policy] decides about addresses. Only public ones may be contacted, and
// the ranges that the operator named; the decision is taken on the very
// address that a socket is about to connect to, so neither a redirect nor a
// name that answers differently the second time gets around it. [CheckURL]
// decides about schemes and ports. [Decode] and [Limit] bound what is read,
// counted in decoded bytes, so that a small answer can't unfold into a large
// one.
package guard
