package query

// Nearest returns the name of names that is closest to what was written, or ""
// where none is within a third of its letters.
func Nearest(written string, names []string) string {
	best, least := "", len([]rune(written))/3+2
	for _, n := range names {
		if d := distance(written, n); d < least {
			best, least = n, d
		}
	}
	return best
}

// distance is Levenshtein's, in letters.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range y {
			cost := diagonal
			if r != s {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
