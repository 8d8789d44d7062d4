//go:build !sqlite_fts5 || !cgo

package sqlite

// A build that can't work stops at this line instead of at the first query.
var _ = build_with_CGO_ENABLED_1_and_a_C_compiler_and_go_build_tags_sqlite_fts5
