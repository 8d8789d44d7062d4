package configs

import (
	"embed"
	"io/fs"
)

//go:embed driftwatch.yaml sources.yaml themes lexicon
var embedded embed.FS

// FS holds the embedded defaults: driftwatch.yaml, sources.yaml,
// themes/*.yaml and lexicon/*.yaml.
func FS() fs.FS { return embedded }
