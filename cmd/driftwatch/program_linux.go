package main

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// releaseProgram gives back what is in memory of the program's own file, of which
// starting needs more than what comes after it does: what is needed again is mapped
// anew from the system's cache, in pieces as large as that has.
// Where the system doesn't say what is mapped, nothing is given back.
func releaseProgram() {
	name, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer f.Close()
	for _, m := range unchanged(f, name) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.from, m.to-m.from, syscall.MADV_DONTNEED) // refused: it stays
	}
}

// mapping is a range of addresses.
type mapping struct{ from, to uintptr }

// unchanged lists the mappings of the named file, in smaps as proc(5) has it, that
// nothing can be written to and nothing has been: what the linker filled in as the
// program was loaded is in no file.
func unchanged(smaps io.Reader, name string) []mapping {
	var all []mapping
	var last mapping // of the file; none: the lines are of something else
	for s := bufio.NewScanner(smaps); s.Scan(); {
		first, rest, _ := strings.Cut(s.Text(), " ")
		if m, ok := parseMapping(first); ok {
			last = mapping{}
			if mode, _, _ := strings.Cut(rest, " "); !strings.Contains(mode, "w") && strings.HasSuffix(rest, " "+name) {
				last = m
			}
		} else if first == "Anonymous:" && strings.TrimSpace(rest) == "0 kB" && last != (mapping{}) {
			all = append(all, last)
		}
	}
	return all
}

// parseMapping reads a range such as 00403000-014b1000.
func parseMapping(s string) (m mapping, ok bool) {
	from, to, _ := strings.Cut(s, "-")
	a, err := strconv.ParseUint(from, 16, 64)
	if err != nil {
		return m, false
	}
	b, err := strconv.ParseUint(to, 16, 64)
	return mapping{uintptr(a), uintptr(b)}, err == nil
}
