package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"driftwatch/configs"
	"driftwatch/store"
	"driftwatch/store/archive"
)

// Steps of pruning: what is done in one transaction, between which a cycle or a
// command may write.
const (
	pruneStep  = 500  // articles
	shrinkStep = 1000 // pages of the database, 4 MB
)

// Freed is what pruning removed, or would.
type Freed struct {
	store.Pruned
	Files     []string // of the archive
	FileBytes int64
	Database  int64 // bytes by which the database has become smaller; 0 where nothing was removed
}

// Prune removes what is older than is to be kept: articles of stories in which
// nothing was flagged, files of the archive that hold the pages of such articles
// alone, summaries of cycles. With dry it changes nothing and says what it would
// remove. It works in small steps, also during a cycle; what was removed before
// an error stays removed. After each step progress is told how many articles were
// removed so far.
func Prune(ctx context.Context, st store.Store, e Evidence, keep configs.Keep, now time.Time, dry bool, progress func(articles int)) (Freed, error) {
	var f Freed
	before := store.PruneBefore{Articles: cutoff(now, keep.Articles), Cycles: cutoff(now, keep.Cycles)}
	// The files go first, while the database knows how old their pages are.
	err := f.removeFiles(ctx, st, e.Folder, cutoff(now, keep.Pages), dry)
	switch {
	case err != nil:
		return f, err
	case dry:
		f.Pruned, err = st.Prunable(ctx, before)
		return f, err
	}
	if err := f.removeRows(ctx, st, before, progress); err != nil {
		return f, err
	}
	return f, f.shrink(ctx, st)
}

// cutoff is the time before which things may be removed; zero: none.
func cutoff(now time.Time, keep time.Duration) time.Time {
	if keep == 0 {
		return time.Time{}
	}
	return now.Add(-keep)
}

func (f *Freed) removeRows(ctx context.Context, st store.Store, before store.PruneBefore, progress func(articles int)) error {
	for {
		p, err := st.Prune(ctx, before, pruneStep)
		if err != nil {
			return err
		}
		if p == (store.Pruned{}) {
			return nil
		}
		f.Add(p)
		progress(int(f.Articles))
	}
}

// removeFiles removes the archive's files whose pages are all too old and of no
// flagged story. The last file may be one that is being written to, and stays.
func (f *Freed) removeFiles(ctx context.Context, st store.Store, folder string, before time.Time, dry bool) error {
	names, err := archive.Files(folder, archive.Others)
	if err != nil || before.IsZero() || len(names) == 0 {
		return err
	}
	known, err := st.ArchiveFiles(ctx)
	if err != nil {
		return err
	}
	files := make(map[string]store.ArchiveFile, len(known))
	for _, k := range known {
		files[k.Name] = k
	}
	for _, name := range names[:len(names)-1] {
		info, err := os.Stat(filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		latest := info.ModTime()
		if k, ok := files[name]; ok {
			latest = k.Latest
		}
		if files[name].Flagged || !latest.Before(before) {
			continue
		}
		if !dry {
			if err := forgetFile(ctx, st, folder, name); err != nil {
				return err
			}
		}
		f.Files, f.FileBytes = append(f.Files, name), f.FileBytes+info.Size()
	}
	return nil
}

// forgetFile removes a file after what the database says of it: what the database
// names is always there.
func forgetFile(ctx context.Context, st store.Store, folder, name string) error {
	if _, err := st.ForgetPages(ctx, name); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(folder, name)); err != nil {
		return fmt.Errorf("remove a file of the archive: %w", err)
	}
	return nil
}

// shrink gives the free space of the database back to the disk.
func (f *Freed) shrink(ctx context.Context, st store.Store) error {
	before, err := st.Counts(ctx)
	if err != nil {
		return err
	}
	for last := int64(-1); ; {
		left, err := st.Shrink(ctx, shrinkStep)
		if err != nil {
			return err
		}
		if left == 0 || left == last { // a database that was made without incremental vacuum keeps its free pages
			break
		}
		last = left
	}
	after, err := st.Counts(ctx)
	f.Database = before.Bytes - after.Bytes
	return err
}
