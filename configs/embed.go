package configs

import (
	"embed"
	"io/fs"
)

//go:embed driftwatch.yaml sources.yaml themes lexicon names
var embedded embed.FS

// FS holds the embedded defaults: driftwatch.yaml, sources.yaml,
// themes/*.yaml, lexicon/*.yaml and names/*.yaml.
func FS() fs.FS { return embedded }
