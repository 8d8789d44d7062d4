package drift_test

import (
	"fmt"
	"slices"
	"testing"

	"driftwatch/drift"
)

// Of equal weights the band is Garwood's exact interval of a Poisson count
// (Biometrika 28, 1936), here from the table in K. Ulm, American Journal of
// Epidemiology 131, 1990.
func TestBandOfEqualWeightsIsGarwoods(t *testing.T) {
	for _, c := range []struct {
		n         int
		low, high string
	}{
		{1, "0.025", "5.572"}, {2, "0.242", "7.225"}, {5, "1.623", "11.668"}, {10, "4.795", "18.390"}, {30, "20.241", "42.827"},
	} {
		low, high := drift.Band(slices.Repeat([]float64{1}, c.n))
		if l, h := fmt.Sprintf("%.3f", low), fmt.Sprintf("%.3f", high); l != c.low || h != c.high {
			t.Errorf("%d: %s to %s, not %s to %s", c.n, l, h, c.low, c.high)
		}
	}
}

func TestBand(t *testing.T) {
	if low, high := drift.Band(nil); low != 0 || high != 0 {
		t.Errorf("of nothing: %v to %v", low, high)
	}
	few := func(w ...float64) float64 { low, high := drift.Band(w); return high - low }
	if few(12) <= few(4, 4, 4) || few(4, 4, 4) <= few(2, 2, 2, 2, 2, 2) {
		t.Error("the band of a sum isn't the wider, the fewer carry it")
	}
}
