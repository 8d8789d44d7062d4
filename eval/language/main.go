// Language measures how well the language of a text is told, beside lingua-go
// and whatlanggo, and prints it as Markdown.
//
//	go run ./language [-v] [-peers=false]
//
// It reads the sets that lie in $DRIFTWATCH_EVAL_DATA, or in shared/data beside
// the repository, and says so where there are none. Nothing is reported on that
// the model was learned from or tuned on.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"

	"driftwatch/eval/langdata"
)

func main() {
	verbose := flag.Bool("v", false, "show the texts that are told wrongly")
	peers := flag.Bool("peers", true, "measure lingua-go and whatlanggo too")
	tune := flag.Bool("tune", false, "measure on the share that may be tuned on instead")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	err := report(out, langdata.Folder(), options{*verbose, *peers, *tune})
	out.Flush()
	if err != nil {
		fmt.Fprintln(os.Stderr, "language:", err)
		os.Exit(1)
	}
}
