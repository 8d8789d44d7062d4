package drift

import "math"

// Interval is the 95 % interval of a share of k in n by Wilson's score (E. B.
// Wilson, Probable inference, the law of succession, and statistical inference,
// 1927), each end between 0 and 1. Of nothing nothing is known: 0 to 1.
func Interval(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964 // of the normal distribution, 2.5 % on either side
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, mid-half), min(1, mid+half)
}
