package section_test

import (
	"fmt"
	"os"
	"testing"

	"driftwatch/eval/section"
)

func ExampleTable() {
	section.Table(os.Stdout,
		[]string{"language", "n", "right"},
		[]string{"Kazakh", "58", section.Share(57, 58)},
		[]string{"Kyrgyz"},
	)
	// Output:
	// | language | n   | right                   |
	// | -------- | --- | ----------------------- |
	// | Kazakh   | 58  | 0.98 [0.91, 1.00] 57/58 |
	// | Kyrgyz   |     |                         |
}

func ExamplePercent() {
	fmt.Println(section.Percent(995, 1000))
	fmt.Println(section.Percent(0, 0))
	// Output:
	// 99.5 % [98.8, 99.8] 995/1000
	// –
}

func ExampleMean() {
	fmt.Println(section.Mean([]float64{0.8, 0.9, 1.0}))
	// Output: 0.900 [0.787, 1.013]
}

// The ends agree with the worked figures of Newcombe (1998), table I: 81 of
// 263, 15 of 148, 0 of 20, 1 of 29.
func TestWilsonAgreesWithPublishedFigures(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high string
	}{
		{81, 263, "0.2553", "0.3662"},
		{15, 148, "0.0624", "0.1605"},
		{0, 20, "0.0000", "0.1611"},
		{1, 29, "0.0061", "0.1718"},
	} {
		low, high := section.Wilson(c.k, c.n)
		if l, h := fmt.Sprintf("%.4f", low), fmt.Sprintf("%.4f", high); l != c.low || h != c.high {
			t.Errorf("%d of %d: [%s, %s], not [%s, %s]", c.k, c.n, l, h, c.low, c.high)
		}
	}
}
