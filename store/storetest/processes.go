package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"driftwatch/news"
	"driftwatch/store"
)

// The variables that tell a process that it is a child, and whose.
const (
	childTask  = "STORETEST_TASK"
	childPlace = "STORETEST_PLACE"
)

// Child does its task and never returns in a process that the suite started;
// in any other it returns at once. open opens the database of a Place's Name.
func Child(open func(name string) (store.Store, error)) {
	task := os.Getenv(childTask)
	if task == "" {
		return
	}
	s, err := open(os.Getenv(childPlace))
	if err == nil {
		err = work(s, task, os.Stdout)
		err = errors.Join(err, s.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// work writes batches, says the number of each on out once it is kept, and goes
// on for as many as the task says after the number that it begins with.
func work(s store.Store, task string, out io.Writer) error {
	first, many, _ := strings.Cut(task, "+")
	from, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(many)
	if err != nil {
		return err
	}
	for i := from; i < from+n; i++ {
		if err := s.Update(context.Background(), func(tx store.Tx) error { return batch(tx, i) }); err != nil {
			return err
		}
		fmt.Fprintln(out, i)
	}
	return nil
}

// batchSize is how many articles one update of a child keeps.
const batchSize = 5

// batch keeps the i-th group of articles, each with a hit, an item, and a
// delivery that it owes.
func batch(tx store.Tx, i int) error {
	for k := range batchSize {
		n := i*batchSize + k
		a, err := tx.NewStory(article(n), store.Print{Bytes: []byte("p"), Keys: []uint64{uint64(n), uint64(n % 7)}})
		if err != nil {
			return err
		}
		if _, err := tx.PutHits(a.ID, 1, []news.Hit{hit("c3", 4)}); err != nil {
			return err
		}
		if _, _, err := tx.PutDelivery(delivery(a.Story, "slack")); err != nil {
			return err
		}
		if err := tx.PutItem(store.ItemState{Source: "one", Key: a.URL, Article: a.ID, First: day}); err != nil {
			return err
		}
	}
	return nil
}

// child starts a process with a task.
func (s *suite) child(task string) (*exec.Cmd, io.Reader) {
	s.Helper()
	exe, err := os.Executable()
	s.ok(err)
	cmd := exec.CommandContext(s.Context(), exe)
	cmd.Env = append(os.Environ(), childTask+"="+task, childPlace+"="+s.place.Name)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	s.ok(err)
	s.ok(cmd.Start())
	return cmd, out
}

func processes(s *suite) {
	const each = 20
	var children []*exec.Cmd
	for i := range 2 {
		cmd, out := s.child(fmt.Sprintf("%d+%d", (i+1)*each, each))
		go io.Copy(io.Discard, out)
		children = append(children, cmd)
	}
	for i := range each {
		s.must(func(tx store.Tx) error { return batch(tx, i) })
	}
	for _, cmd := range children {
		if err := cmd.Wait(); err != nil {
			s.Error(err)
		}
	}
	c, err := s.Counts(s.Context())
	s.ok(err)
	if c.Articles != 3*each*batchSize || c.Deliveries[news.DeliveryPending] != 3*each*batchSize {
		s.Errorf("kept %+v", c)
	}
	s.sound()
}

// killed kills a writing process at random moments, each time after another
// number of batches was said to be kept, and looks for what it said.
func killed(s *suite) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	next := 0
	for round := range rounds {
		cmd, out := s.child(fmt.Sprintf("%d+100000", next))
		said := bufio.NewScanner(out)
		for range 1 + rand.N(20) {
			if !said.Scan() {
				break
			}
		}
		// It writes on while this is read: the blow falls anywhere in a batch.
		s.ok(cmd.Process.Kill())
		last := said.Text()
		for said.Scan() {
			last = said.Text()
		}
		_ = cmd.Wait() // killed
		kept, err := strconv.Atoi(last)
		s.ok(err)
		next = s.holds(round, kept)
	}
	s.sound()
}

// holds fails the test where a batch up to the last one said to be kept isn't
// there whole, and gives the number of the next one to write.
func (s *suite) holds(round, last int) (next int) {
	s.Helper()
	again := open(s.T, s.place.Open)
	found, err := again.Check(s.Context())
	if err != nil || len(found) > 0 {
		s.Fatalf("round %d: %v %v", round, found, err)
	}
	c, err := again.Counts(s.Context())
	s.ok(err)
	batches := int(c.Articles) / batchSize
	if int(c.Articles)%batchSize != 0 || c.Hits[news.ThemeCSTO] != c.Articles || c.Deliveries[news.DeliveryPending] != c.Articles {
		s.Fatalf("round %d: half a batch was kept: %+v", round, c)
	}
	if batches < last+1 {
		s.Fatalf("round %d: %d batches are there, number %d was kept", round, batches, last)
	}
	return batches
}

func readers(s *suite) {
	ctx, cancel := context.WithCancel(s.Context())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			var before int64
			for ctx.Err() == nil {
				c, err := s.Counts(s.Context())
				if err != nil {
					s.Error(err)
					return
				}
				if c.Articles%batchSize != 0 || c.Hits[news.ThemeCSTO] != c.Articles || c.Articles < before {
					s.Errorf("read %+v after %d articles", c, before)
					return
				}
				before = c.Articles
			}
		})
	}
	for i := range 30 {
		s.must(func(tx store.Tx) error {
			if err := batch(tx, i); err != nil {
				return err
			}
			if i == 7 { // a read inside of an update isn't held up by it
				c, err := s.Counts(s.Context())
				if err == nil && c.Articles != 7*batchSize {
					err = fmt.Errorf("read %d articles", c.Articles)
				}
				return err
			}
			return nil
		})
	}
	cancel()
	wg.Wait()
	s.sound()
}

func fullDisk(s *suite) {
	if s.place.OpenSmall == nil {
		s.Skip("this store can't be limited")
	}
	small := open(s.T, s.place.OpenSmall)
	kept := 0
	var err error
	for err == nil && kept < 10_000 {
		if err = small.Update(s.Context(), func(tx store.Tx) error { return batch(tx, kept) }); err == nil {
			kept++
		}
	}
	s.is(err, store.ErrFull)
	c, err := small.Counts(s.Context())
	if err != nil || c.Articles != int64(kept*batchSize) {
		s.Errorf("%d articles of %d batches, %v", c.Articles, kept, err)
	}
	// With more room it goes on.
	s.must(func(tx store.Tx) error { return batch(tx, kept) })
	s.sound()
}

func backup(s *suite) {
	ctx := s.Context()
	s.must(func(tx store.Tx) error { return batch(tx, 0) })
	dir := s.TempDir()
	file := filepath.Join(dir, "copy.db")
	s.ok(s.Backup(ctx, file))
	s.must(func(tx store.Tx) error { return batch(tx, 1) })
	s.is(s.Backup(ctx, file), store.ErrExists)
	if err := s.Backup(ctx, filepath.Join(dir, "no", "copy.db")); err == nil {
		s.Error("a copy was written to a folder that isn't there")
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	s.is(s.Backup(done, filepath.Join(dir, "other.db")), context.Canceled)
	names, err := os.ReadDir(dir)
	s.ok(err)
	if len(names) != 1 {
		s.Errorf("beside the copy there is %v", names)
	}
	info, err := os.Stat(file)
	s.ok(err)
	if info.Mode().Perm() != 0o600 {
		s.Errorf("the copy is %v", info.Mode())
	}
	s.sound()
}
