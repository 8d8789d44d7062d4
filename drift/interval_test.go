package drift_test

import (
	"fmt"
	"testing"

	"driftwatch/drift"
)

// The ends agree with the worked figures of Newcombe (1998), table I: 81 of
// 263, 15 of 148, 0 of 20, 1 of 29.
func TestIntervalAgreesWithPublishedFigures(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high string
	}{
		{81, 263, "0.2553", "0.3662"},
		{15, 148, "0.0624", "0.1605"},
		{0, 20, "0.0000", "0.1611"},
		{0, 0, "0.0000", "1.0000"},
		{1, 29, "0.0061", "0.1718"},
	} {
		low, high := drift.Interval(c.k, c.n)
		if l, h := fmt.Sprintf("%.4f", low), fmt.Sprintf("%.4f", high); l != c.low || h != c.high {
			t.Errorf("%d of %d: [%s, %s], not [%s, %s]", c.k, c.n, l, h, c.low, c.high)
		}
	}
}
