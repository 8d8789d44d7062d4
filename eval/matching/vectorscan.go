//go:build vectorscan

package main

/*
#cgo pkg-config: libhs
#include <stdint.h>
#include <stdlib.h>
#include <hs.h>

static int count(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *ctx) {
	++*(uint64_t *)ctx;
	return 0;
}

static hs_error_t build(const char *blob, const size_t *ends, unsigned n, hs_database_t **db, char **problem) {
	const char **terms = malloc(n * sizeof *terms);
	size_t *sizes = malloc(n * sizeof *sizes);
	unsigned *flags = calloc(n, sizeof *flags), *ids = malloc(n * sizeof *ids);
	for (unsigned i = 0; i < n; i++) {
		size_t start = i ? ends[i - 1] : 0;
		terms[i] = blob + start;
		sizes[i] = ends[i] - start;
		ids[i] = i;
	}
	hs_compile_error_t *err = NULL;
	hs_error_t e = hs_compile_lit_multi(terms, flags, ids, sizes, n, HS_MODE_BLOCK, NULL, db, &err);
	if (err) {
		*problem = err->message;
	}
	free(terms), free(sizes), free(flags), free(ids);
	return e;
}

static uint64_t scan(const hs_database_t *db, hs_scratch_t *scratch, const char *text, unsigned size) {
	uint64_t n = 0;
	if (hs_scan(db, text, size, 0, scratch, count, &n) != HS_SUCCESS) {
		return UINT64_MAX;
	}
	return n;
}
*/
import "C"

import (
	"fmt"
	"unsafe"
)

const noVectorscan = ""

var vectorscans = []peer{{"vectorscan, no word boundaries", 5, buildVectorscan}}

// vectorscan looks for exact strings wherever they stand, and gives their ends.
type vectorscan struct {
	db      *C.hs_database_t
	scratch *C.hs_scratch_t
}

func buildVectorscan(terms []string) (counter, error) {
	var blob []byte
	ends := make([]C.size_t, len(terms))
	for i, t := range terms {
		blob = append(blob, t...)
		ends[i] = C.size_t(len(blob))
	}
	v := &vectorscan{}
	var problem *C.char
	memory := C.CBytes(blob)
	defer C.free(memory)
	if e := C.build((*C.char)(memory), &ends[0], C.uint(len(terms)), &v.db, &problem); e != C.HS_SUCCESS {
		return nil, fmt.Errorf("not built: %d %s", e, C.GoString(problem))
	}
	if e := C.hs_alloc_scratch(v.db, &v.scratch); e != C.HS_SUCCESS {
		return nil, fmt.Errorf("no scratch space: %d", e)
	}
	return v, nil
}

func (v *vectorscan) count(text string) int {
	return int(C.scan(v.db, v.scratch, (*C.char)(unsafe.Pointer(unsafe.StringData(text))), C.uint(len(text))))
}

func (v *vectorscan) close() {
	C.hs_free_scratch(v.scratch)
	C.hs_free_database(v.db)
}
