package theme

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strconv"
)

// source is a file that packs were read from.
type source struct {
	pack int
	name string
	data []byte
}

// Archive gives the files that the packs were read from, so that Unpack can read
// the same packs later: a zip file in which each pack has a folder, named after
// its place in the order.
func (p *Packs) Archive() ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, s := range p.sources {
		w, err := z.Create(path.Join(strconv.Itoa(s.pack), s.name))
		if err == nil {
			_, err = w.Write(s.data)
		}
		if err != nil {
			return nil, fmt.Errorf("pack up the rules: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack up the rules: %w", err)
	}
	return out.Bytes(), nil
}

// Unpack gives the packs of an Archive, in order, as Load takes them.
func Unpack(archive []byte) ([]fs.FS, error) {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("unpack the rules: %w", err)
	}
	var packs []fs.FS
	for i := 0; ; i++ {
		dir := strconv.Itoa(i)
		if _, err := fs.Stat(z, dir); err != nil {
			return packs, nil
		}
		pack, err := fs.Sub(z, dir)
		if err != nil {
			return nil, fmt.Errorf("unpack the rules: %w", err)
		}
		packs = append(packs, pack)
	}
}
