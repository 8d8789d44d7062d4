// Package configs is what an operator writes and what Driftwatch has where
// nothing was written: driftwatch.yaml, the catalogue of sources, and the
// embedded packs. It imports nothing of the project, and every room may
// import it.
//
// Its reader of YAML, Decode, finds all faults of a file at once, and shows
// each with its line, a caret, and the name that was probably meant. Document
// is the same reader for those who check more than types: a theme pack's
// expressions, say.
package configs
