package review

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFS embed.FS

// staticFile is one of the desk's own files, ready to be sent.
type staticFile struct {
	kind   string
	tag    string // of its content
	plain  []byte
	packed []byte // gzip
}

// staticFiles reads and packs what is in static/.
func staticFiles() map[string]*staticFile {
	files := make(map[string]*staticFile)
	entries, err := fs.ReadDir(staticFS, "static")
	if err != nil {
		panic(err) // they are embedded
	}
	for _, e := range entries {
		data, err := staticFS.ReadFile("static/" + e.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(data)
		f := &staticFile{kind: mime.TypeByExtension(path.Ext(e.Name())), tag: hex.EncodeToString(sum[:6]), plain: data}
		switch path.Ext(e.Name()) { // the system's own table of types may differ
		case ".js":
			f.kind = "text/javascript; charset=utf-8"
		case ".css":
			f.kind = "text/css; charset=utf-8"
		case ".svg":
			f.kind = "image/svg+xml"
		default:
			f.kind = "text/plain; charset=utf-8"
		}
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one that there is
		z.Write(data)
		z.Close()
		f.packed = b.Bytes()
		files[e.Name()] = f
	}
	return files
}

// asset is the address of one of the desk's own files; it changes with the
// content, so that a browser may keep it.
func (d *Desk) asset(name string) (string, error) {
	f, ok := d.static[name]
	if !ok {
		return "", fmt.Errorf("there is no file static/%s", name)
	}
	return "/static/" + name + "?v=" + f.tag, nil
}

// file sends one of the desk's own files.
func (v *visit) file() error {
	f, ok := v.static[v.r.PathValue("name")]
	if !ok {
		return problem(http.StatusNotFound, "There is no such page.")
	}
	h := v.w.Header()
	h.Set("Cache-Control", "public, max-age=3600")
	if v.r.URL.Query().Get("v") == f.tag {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("ETag", `"`+f.tag+`"`)
	if strings.Contains(v.r.Header.Get("If-None-Match"), f.tag) {
		v.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", f.kind)
	data := f.plain
	if strings.Contains(v.r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		data = f.packed
	}
	h.Set("Content-Length", fmt.Sprint(len(data)))
	v.w.WriteHeader(http.StatusOK)
	_, err := v.w.Write(data)
	return err
}
