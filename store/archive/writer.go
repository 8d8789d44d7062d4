package archive

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"driftwatch/news"
)

// Series is a row of files that belong together.
type Series string

// The series.
const (
	Flagged Series = "flagged" // pages of flagged articles
	Others  Series = "others"  // all other pages
)

// DefaultMaxBytes is the size from which on a file is followed by a new one.
const DefaultMaxBytes = 256 << 20

// ErrLocked says that another program writes to the archive.
var ErrLocked = errors.New("another program writes to the archive")

// Options is how a [Writer] writes. The zero value of a field stands for its
// default.
type Options struct {
	MaxBytes int64            // size from which on a file is followed by a new one
	Software string           // named in each file; empty: Driftwatch
	Now      func() time.Time // for the names of files; nil: time.Now
}

// Writer adds pages to an archive. It belongs to one goroutine.
type Writer struct {
	dir   string
	o     Options
	lock  *os.File
	files map[Series]*file
}

// OpenWriter opens the archive in a folder, which is made where it isn't there.
// Errors: ErrLocked.
func OpenWriter(dir string, o Options) (*Writer, error) {
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Software = cmp.Or(o.Software, "Driftwatch")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the archive: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "archive.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the archive: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrLocked
		}
		return nil, fmt.Errorf("open the archive %s: %w", dir, err)
	}
	return &Writer{dir: dir, o: o, lock: lock, files: map[Series]*file{}}, nil
}

// Put adds the page of a capture, and the request for it. Where same is given,
// it is an earlier page with the same body, and only a reference to that is
// written (a revisit record). The page can be read as soon as Put returns; it
// has reached the disk when Sync does.
func (w *Writer) Put(s Series, c *news.Capture, same *news.KeptPage) (news.PagePlace, error) {
	place, err := w.put(s, c, same)
	if err != nil {
		err = fmt.Errorf("keep the page %s in the archive: %w", c.URL, err)
	}
	return place, err
}

func (w *Writer) put(s Series, c *news.Capture, same *news.KeptPage) (news.PagePlace, error) {
	f, err := w.file(s)
	if err != nil {
		return news.PagePlace{}, err
	}
	p := news.PagePlace{File: f.name, Offset: f.size, Digest: Digest(c.Body), Type: "response"}
	if same != nil {
		p.Type = "revisit"
	}
	page, err := member(pageRecord(p, c, same))
	if err != nil {
		return news.PagePlace{}, err
	}
	p.Length = int64(len(page))
	request, err := member(requestRecord(p, c))
	if err != nil {
		return news.PagePlace{}, err
	}
	if err := f.add(append(page, request...)); err != nil {
		delete(w.files, s)
		return news.PagePlace{}, errors.Join(err, f.Close())
	}
	return p, nil
}

// file is the one to write to: the series' last, or a new one.
func (w *Writer) file(s Series) (*file, error) {
	f := w.files[s]
	if f == nil {
		var err error
		if f, err = w.last(s); err != nil {
			return nil, err
		}
	}
	if f != nil && f.size >= w.o.MaxBytes {
		delete(w.files, s)
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return nil, err
		}
		f = nil
	}
	if f == nil {
		var err error
		if f, err = w.begin(s); err != nil {
			return nil, err
		}
	}
	w.files[s] = f
	return f, nil
}

// last opens the last file of a series; nil where there is none that can be
// gone on with.
func (w *Writer) last(s Series) (*file, error) {
	names, err := Files(w.dir, s)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	return resume(w.dir, names[len(names)-1])
}

// begin makes a new file of a series.
func (w *Writer) begin(s Series) (*file, error) {
	at := w.o.Now().UTC()
	for {
		name := fmt.Sprintf("driftwatch-%s%s", strings.Replace(at.Format("20060102T150405.000Z"), ".", "", 1), Suffix(s))
		f, err := os.OpenFile(filepath.Join(w.dir, name), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if errors.Is(err, fs.ErrExist) {
			at = at.Add(time.Millisecond)
			continue
		}
		if err != nil {
			return nil, err
		}
		info, err := member(infoRecord(name, w.o.Software, at))
		out := &file{File: f, name: name}
		if err == nil {
			err = out.add(info)
		}
		if err == nil {
			err = syncFolder(w.dir)
		}
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return out, nil
	}
}

// Sync returns when all that was put has reached the disk.
func (w *Writer) Sync() error {
	for _, f := range w.files {
		if !f.dirty {
			continue
		}
		if err := f.Sync(); err != nil {
			return fmt.Errorf("write the archive: %w", err)
		}
		f.dirty = false
	}
	return nil
}

// Close ends the writing, and lets others write.
func (w *Writer) Close() error {
	errs := []error{w.Sync()}
	for _, f := range w.files {
		errs = append(errs, f.Close())
	}
	w.files = nil
	return errors.Join(append(errs, w.lock.Close())...)
}

// Suffix is how the names of a series' files end.
func Suffix(s Series) string { return "-" + string(s) + ".warc.gz" }

// Files are the names of a series' files in a folder, the oldest first; none
// where there is no such folder.
func Files(dir string, s Series) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "driftwatch-") && strings.HasSuffix(e.Name(), Suffix(s)) {
			out = append(out, e.Name())
		}
	}
	slices.Sort(out)
	return out, nil
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
