package configs

import "strings"

// Nearest gives the one of names that wrong is most likely a slip of, or
// nothing where none is near: the name with the fewest letters to change,
// insert, drop or swap (the restricted Damerau–Levenshtein distance), at most
// a third of its length. Case, hyphens and underscores don't count.
func Nearest(wrong string, names []string) string {
	best, least := "", 1<<30
	folded := foldName(wrong)
	for _, name := range names {
		n := foldName(name)
		limit := max(1, max(len(n), len(folded))/3)
		if len(n) <= 2 || len(folded) <= 2 {
			limit = 0 // two letters are near to any two letters
		}
		if d := distance(folded, n); d <= limit && d < least {
			best, least = name, d
		}
	}
	return best
}

// foldName is the name without what people mix up when they type one.
func foldName(s string) []rune { return []rune(separators.Replace(strings.ToLower(s))) }

var separators = strings.NewReplacer("-", "", "_", "", " ", "")

// distance is the restricted Damerau–Levenshtein distance of a and b.
func distance(a, b []rune) int {
	if d := len(a) - len(b); d > 40 || d < -40 {
		return 1 << 20
	}
	older, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
		older, last, row = last, row, older
	}
	return last[len(b)]
}
