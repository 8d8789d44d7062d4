package theme

import _ "embed"

// Schema is the JSON Schema (2020-12) of a pack's file, for editors.
//
//go:embed schema.json
var Schema []byte
