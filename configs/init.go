package configs

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Init writes the embedded defaults to a folder, for an operator to edit:
// driftwatch.yaml, sources.yaml, themes and lexicon. Where one of the files is
// there already, nothing is written and the error names it, unless force is
// set. driftwatch.yaml, which is where secrets go, is readable by its owner
// only. What was written is returned, in order.
func Init(dir string, force bool) (written []string, err error) {
	files, err := defaultFiles()
	if err != nil {
		return nil, err
	}
	if !force {
		if there := existing(dir, files); len(there) > 0 {
			return nil, fmt.Errorf("write the configuration to %s: already there: %s; nothing was written", dir, strings.Join(there, ", "))
		}
	}
	for _, name := range files {
		data, err := fs.ReadFile(FS(), name)
		if err != nil {
			return written, err
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := writeFile(target, data, mode(name)); err != nil {
			return written, fmt.Errorf("write %s: %s", target, cause(err))
		}
		written = append(written, target)
	}
	return written, nil
}

// defaultFiles are the embedded files, driftwatch.yaml first.
func defaultFiles() ([]string, error) {
	files := []string{FileName}
	err := fs.WalkDir(FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name == "names" {
			return fs.SkipDir // they are the program's own, and not looked for beside a configuration
		}
		if err == nil && !d.IsDir() && name != FileName {
			files = append(files, name)
		}
		return err
	})
	return files, err
}

// existing are those of the files that dir has.
func existing(dir string, files []string) []string {
	var there []string
	for _, name := range files {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Lstat(target); err == nil {
			there = append(there, target)
		}
	}
	return there
}

func mode(name string) os.FileMode {
	if path.Base(name) == FileName {
		return 0o600
	}
	return 0o644
}

// writeFile puts a whole file in place or none: it is written beside its
// place, and moved there.
func writeFile(target string, data []byte, mode os.FileMode) error {
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".driftwatch-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already where all went well
	_, err = f.Write(data)
	if chmod := f.Chmod(mode); err == nil {
		err = chmod
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), target)
}
