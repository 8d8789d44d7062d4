// Package configs is what an operator writes and what Driftwatch has where
// nothing was written: driftwatch.yaml, the catalogue of sources, and the
// embedded packs. It imports nothing of the project, and every room may
// import it.
//
//	file, err := configs.Find(flag, os.LookupEnv) // "" stands for the embedded defaults
//	if err != nil {
//		return err
//	}
//	c, err := configs.Load(file, os.LookupEnv)
//	if err != nil {
//		return err // configs.Errors: all that is wrong, with lines and carets
//	}
//	for _, w := range c.Warnings {
//		fmt.Fprintln(os.Stderr, w)
//	}
//
// It promises that a file's faults are reported all at once, each with its
// line, column and a caret, and the name that was probably meant; and that no
// secret is printed: none that was filled in by ${…}, nothing of a channel, in
// no error, and by no way of formatting a Config.
//
// Decode is the reader of YAML behind it. Document is the same reader for
// those who check more than types: a theme pack's expressions, say.
package configs
