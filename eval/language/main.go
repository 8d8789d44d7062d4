// Language measures how well the language of a text is told, beside lingua-go
// and whatlanggo, and prints it as Markdown.
//
//	go run ./language [-v] [-tune] [-peers=false]
//
// It reads the sets that lie in $DRIFTWATCH_EVAL_DATA, or in shared/data beside
// the repository. Nothing is reported on that the model was learned from or tuned
// on, unless -tune asks for the share that may be.
package main

import (
	"flag"
	"io"

	"driftwatch/eval/section"
)

func main() {
	verbose := flag.Bool("v", false, "show the texts that are told wrongly")
	peers := flag.Bool("peers", true, "measure lingua-go and whatlanggo too")
	tune := flag.Bool("tune", false, "measure on the share that may be tuned on instead")
	flag.Parse()
	section.Main("language", func(w io.Writer, data string) error {
		return report(w, data, options{*verbose, *peers, *tune})
	})
}
