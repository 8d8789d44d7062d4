package archive_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store/archive"
)

var day = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

// page is the n-th made-up page.
func page(n int) *news.Capture {
	return &news.Capture{
		URL: fmt.Sprintf("https://outlet.example/%d?b=1", n), Fetched: day.Add(time.Duration(n) * time.Minute), Status: 200, Proto: "HTTP/2.0",
		Header: map[string][]string{"Content-Type": {"text/html"}, "X-Two": {"a", "b"}},
		Body:   fmt.Appendf(nil, "<p>Сообщение %d\r\n\r\n%s</p>", n, words(n)),
		Asked:  map[string][]string{"User-Agent": {"Driftwatch/test"}}, Remote: "192.0.2.1",
	}
}

// words is text that packs like text does.
func words(n int) string {
	var b strings.Builder
	random := rand.New(rand.NewPCG(uint64(n), 0))
	for range 300 {
		b.WriteString("слово" + strconv.Itoa(random.IntN(1e4)) + " ")
	}
	return b.String()
}

func open(t *testing.T, dir string, maxBytes int64) *archive.Writer {
	t.Helper()
	w, err := archive.OpenWriter(dir, archive.Options{MaxBytes: maxBytes, Now: func() time.Time { return day }})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func put(t *testing.T, w *archive.Writer, c *news.Capture, same *news.KeptPage) news.KeptPage {
	t.Helper()
	p, err := w.Put(archive.Flagged, c, same)
	if err != nil {
		t.Fatal(err)
	}
	return news.KeptPage{URL: c.URL, Status: c.Status, Fetched: c.Fetched, PagePlace: p, Same: same}
}

func same(t *testing.T, dir string, p news.KeptPage, want *news.Capture) {
	t.Helper()
	got, err := archive.Read(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Body) != string(want.Body) || got.URL != want.URL || got.Status != want.Status || !got.Fetched.Equal(want.Fetched) ||
		got.Remote != want.Remote || !slices.Equal(got.Header["X-Two"], want.Header["X-Two"]) {
		t.Errorf("read %+v", got)
	}
}

func TestPagesAreFoundAgain(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, 0)
	var kept []news.KeptPage
	for n := range 5 {
		kept = append(kept, put(t, w, page(n), nil))
	}
	again := page(2)
	again.Fetched = day.Add(time.Hour)
	again.Header["X-Two"] = []string{"c"}
	revisit := put(t, w, again, &kept[2])
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for n, p := range kept {
		same(t, dir, p, page(n))
	}
	same(t, dir, revisit, again)
	if revisit.Type != "revisit" || revisit.Length >= kept[2].Length {
		t.Errorf("the revisit is %s of %d bytes, the response has %d", revisit.Type, revisit.Length, kept[2].Length)
	}
}

func TestFilesAreRotatedAndGoneOnWith(t *testing.T) {
	dir := t.TempDir()
	var kept []news.KeptPage
	for n := range 6 { // a writer for each, as cron does
		w := open(t, dir, 4000)
		kept = append(kept, put(t, w, page(n), nil))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	files, err := archive.Files(dir, archive.Flagged)
	if err != nil || len(files) < 2 || len(files) >= len(kept) {
		t.Errorf("%d files for %d pages, error %v", len(files), len(kept), err)
	}
	for n, p := range kept {
		same(t, dir, p, page(n))
	}
	if i, err := os.Stat(filepath.Join(dir, files[0])); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, error %v", i.Mode(), err)
	}
}

// TestATornTailIsCutOff tears the last records off at many bytes.
func TestATornTailIsCutOff(t *testing.T) {
	whole := t.TempDir()
	w := open(t, whole, 0)
	first := put(t, w, page(1), nil)
	second := put(t, w, page(2), nil)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(whole, first.File))
	if err != nil {
		t.Fatal(err)
	}
	end := second.Offset + second.Length
	for cut := second.Offset; cut < int64(len(data)); cut++ {
		if cut > second.Offset+25 && cut%97 != 0 && (cut < end-10 || cut > end+25) && cut < int64(len(data))-10 {
			continue // the ends of the records matter most
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, first.File), data[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		w := open(t, dir, 0)
		third := put(t, w, page(3), nil)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		same(t, dir, first, page(1))
		same(t, dir, third, page(3))
		wantOffset := second.Offset
		if cut >= end {
			same(t, dir, second, page(2))
			wantOffset += second.Length
		}
		if third.File != first.File || third.Offset != wantOffset {
			t.Fatalf("cut at %d: the next page lies at %d of %s, want %d", cut, third.Offset, third.File, wantOffset)
		}
	}
}

func TestAForeignTailIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, 0)
	first := put(t, w, page(1), nil)
	w.Close()
	file := filepath.Join(dir, first.File)
	data, _ := os.ReadFile(file)
	data = append(data, "something else"...)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	w = open(t, dir, 0)
	second := put(t, w, page(2), nil)
	w.Close()
	if now, _ := os.ReadFile(file); second.File == first.File || string(now) != string(data) {
		t.Errorf("the page went to %s, and the file has %d of %d bytes", second.File, len(now), len(data))
	}
	same(t, dir, second, page(2))
}

func TestADamagedPageIsRefused(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, 0)
	p := put(t, w, page(1), nil)
	w.Close()
	file := filepath.Join(dir, p.File)
	data, _ := os.ReadFile(file)
	for _, at := range []int64{p.Offset, p.Offset + 40, p.Offset + p.Length - 6} {
		broken := slices.Clone(data)
		broken[at] ^= 0x10
		if err := os.WriteFile(file, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Read(dir, p); !errors.Is(err, archive.ErrDamaged) {
			t.Errorf("byte %d changed: error %v", at-p.Offset, err)
		}
	}
	os.WriteFile(file, data, 0o600)
	other := p
	other.Digest = archive.Digest([]byte("other"))
	if _, err := archive.Read(dir, other); !errors.Is(err, archive.ErrDamaged) {
		t.Errorf("another digest: error %v", err)
	}
	os.Remove(file)
	if _, err := archive.Read(dir, p); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: error %v", err)
	}
}

func TestOneWriterAtATime(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, 0)
	if _, err := archive.OpenWriter(dir, archive.Options{}); !errors.Is(err, archive.ErrLocked) {
		t.Errorf("a second writer: error %v", err)
	}
	w.Close()
	open(t, dir, 0).Close()
}

func ExampleWriter() {
	dir, err := os.MkdirTemp("", "archive")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	w, err := archive.OpenWriter(dir, archive.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := &news.Capture{URL: "https://outlet.example/1", Fetched: time.Now(), Status: 200, Body: []byte("<p>Text</p>")}
	place, err := w.Put(archive.Flagged, c, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
		return
	}
	again, err := archive.Read(dir, news.KeptPage{URL: c.URL, Fetched: c.Fetched, PagePlace: place})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(again.Status, string(again.Body))
	// Output: 200 <p>Text</p>
}
