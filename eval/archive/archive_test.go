package archive_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nlnwa/gowarc/v3"

	"driftwatch/news"
	"driftwatch/store/archive"
)

var day = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

// page is a made-up page, packed as a server packs it.
func page(n int, text string) *news.Capture {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return &news.Capture{
		URL: fmt.Sprintf("https://outlet.example/ru/%d?a=1&b=2", n), Fetched: day.Add(time.Duration(n) * time.Hour), Status: 200, Proto: "HTTP/2.0",
		Header: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}, "Content-Encoding": {"gzip"}, "Set-Cookie": {"a=1", "b=2"}},
		Body:   b.Bytes(), Asked: map[string][]string{"User-Agent": {"Driftwatch/test"}, "Accept": {"text/html"}}, Remote: "2001:db8::1",
	}
}

// TestAnotherReaderReadsTheArchive writes responses, a revisit and a refusal, and
// has each record and each digest checked by the reader of the National Library
// of Norway, with all that the standard asks.
func TestAnotherReaderReadsTheArchive(t *testing.T) {
	dir := t.TempDir()
	w, err := archive.OpenWriter(dir, archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	first, gone := page(1, "<p>Первое сообщение</p>"), page(3, "удалено")
	gone.Status = 410
	again := page(2, "<p>Первое сообщение</p>")
	place := put(t, w, first, nil)
	revisit := put(t, w, again, &news.KeptPage{URL: first.URL, Fetched: first.Fetched, PagePlace: place})
	put(t, w, gone, nil)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}

	got := read(t, filepath.Join(dir, place.File))
	want := []string{
		"warcinfo ", "response " + first.URL, "request " + first.URL, "revisit " + again.URL, "request " + again.URL,
		"response " + gone.URL, "request " + gone.URL,
	}
	if len(got) != len(want) {
		t.Fatalf("%d records, want %d", len(got), len(want))
	}
	for i, r := range got {
		h := r.WarcRecord.WarcHeader()
		if is := h.Get(gowarc.WarcType) + " " + h.Get(gowarc.WarcTargetURI); is != want[i] {
			t.Errorf("record %d is %s, want %s", i, is, want[i])
		}
	}
	if got[1].Offset != place.Offset || got[3].Offset != revisit.Offset {
		t.Errorf("records at %d and %d, want %d and %d", got[1].Offset, got[3].Offset, place.Offset, revisit.Offset)
	}
	refers := got[3].WarcRecord.WarcHeader().Get(gowarc.WarcRefersTo)
	if id := got[1].WarcRecord.WarcHeader().Get(gowarc.WarcRecordID); refers == "" || refers != id {
		t.Errorf("the revisit refers to %q, the response is %q", refers, id)
	}
	whole, err := got[3].WarcRecord.Merge(got[1].WarcRecord)
	if err != nil {
		t.Fatalf("merge the revisit with what it refers to: %v", err)
	}
	if is := whole.Type(); is != gowarc.Response {
		t.Errorf("the merged record is %v", is)
	}
}

// TestAnotherReaderReadsWhatAKilledWriterLeft cuts a file in its last record.
func TestAnotherReaderReadsWhatAKilledWriterLeft(t *testing.T) {
	dir := t.TempDir()
	w, err := archive.OpenWriter(dir, archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	place := put(t, w, page(1, "<p>one</p>"), nil)
	torn := put(t, w, page(2, "<p>two</p>"), nil)
	w.Close()
	file := filepath.Join(dir, place.File)
	if err := os.Truncate(file, torn.Offset+torn.Length/2); err != nil {
		t.Fatal(err)
	}
	w, err = archive.OpenWriter(dir, archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, w, page(3, "<p>three</p>"), nil)
	w.Close()
	var urls []string
	for _, r := range read(t, file) {
		if r.WarcRecord.Type() == gowarc.Response {
			urls = append(urls, r.WarcRecord.WarcHeader().Get(gowarc.WarcTargetURI))
		}
	}
	if want := []string{page(1, "").URL, page(3, "").URL}; fmt.Sprint(urls) != fmt.Sprint(want) {
		t.Errorf("responses %v, want %v", urls, want)
	}
}

func put(t *testing.T, w *archive.Writer, c *news.Capture, same *news.KeptPage) news.PagePlace {
	t.Helper()
	p, err := w.Put(archive.Flagged, c, same)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// read reads all records of a file, and fails at the first thing that isn't as
// the standard has it.
func read(t *testing.T, file string) []gowarc.Record {
	t.Helper()
	r, err := gowarc.NewWarcFileReader(file, 0, gowarc.WithStrictValidation())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out []gowarc.Record
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("record %d: %v", len(out), err)
		}
		if err := rec.WarcRecord.Block().Cache(); err != nil {
			t.Fatal(err)
		}
		faults, err := rec.WarcRecord.ValidateDigest()
		if err != nil || len(faults) > 0 || len(rec.Validation) > 0 {
			t.Errorf("record %d: error %v, faults %v %v", len(out), err, faults, rec.Validation)
		}
		out = append(out, rec)
	}
}
