package section_test

import (
	"fmt"
	"os"

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
