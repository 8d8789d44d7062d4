package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/text/language"

	"driftwatch/text"
)

// maxInput bounds a file that a command reads whole, in bytes.
const maxInput = 64 << 20

// open gives FILE, or standard input for "-" or nothing.
func (a *app) open(args []string) (io.ReadCloser, error) {
	if len(args) == 0 || args[0] == "-" {
		return io.NopCloser(a.stdin), nil
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("read %s: it is a folder", args[0])
	}
	return f, nil
}

// readAll reads FILE or standard input whole, up to maxInput.
func (a *app) readAll(args []string) ([]byte, error) {
	in, err := a.open(args)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxInput {
		return nil, fmt.Errorf("the input is over %d MiB", maxInput>>20)
	}
	return data, nil
}

// pageAddress checks what was given as the address of a page or feed.
func pageAddress(given string) error {
	if given == "" {
		return nil
	}
	u, err := url.Parse(given)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return usage("--url %q is no address: it must begin with http:// or https://", given)
	}
	return nil
}

// errLongLine marks a line that was skipped for its length.
var errLongLine = errors.New("the line is over 8 MiB")

// lines gives the lines of r one at a time without their ends. A line longer
// than max bytes is skipped and reported as errLongLine; the next call goes on
// after it. The slice is valid until the next call.
type lines struct {
	r   *bufio.Reader
	max int
	buf []byte
	n   int // number of the line that was given last, from 1
}

func newLines(r io.Reader, max int) *lines {
	return &lines{r: bufio.NewReaderSize(r, 64<<10), max: max}
}

// Next returns the next line, errLongLine, or io.EOF after the last.
func (l *lines) Next() ([]byte, error) {
	l.buf = l.buf[:0]
	long, any := false, false
	for {
		part, err := l.r.ReadSlice('\n')
		any = any || len(part) > 0
		if long || len(l.buf)+len(part) > l.max+1 { // one more for the line end
			long, l.buf = true, l.buf[:0]
		} else {
			l.buf = append(l.buf, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && err != io.EOF:
			return nil, err
		case err == io.EOF && !any:
			return nil, io.EOF
		}
		l.n++
		if long {
			return nil, errLongLine
		}
		line := bytes.TrimRight(l.buf, "\r\n")
		if l.n == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		return line, nil
	}
}

// maxLine is the longest line of JSON Lines that is read, in bytes.
const maxLine = 8 << 20

// textIn is a line of input: a text and what is known of it.
type textIn struct {
	ID      json.RawMessage `json:"id"`
	Title   string          `json:"title"`
	Text    string          `json:"text"`
	URL     string          `json:"url"`
	Lang    string          `json:"lang"`
	Date    string          `json:"date"`
	Source  string          `json:"source"`
	Country string          `json:"country"`
}

type badLine struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
}

// eachText reads JSON Lines of texts and calls do for each, with its date. What
// is ignored of a line, and that it has no text, is told to bad, too. Bad lines
// are told as JSON Lines to bad, and the rest goes on; the error for them
// comes at the end. An error of do ends the reading.
func eachText(in io.Reader, bad io.Writer, do func(textIn, time.Time) error) error {
	ls, complain := newLines(in, maxLine), jsonLines(bad)
	failed := false
	for {
		line, err := ls.Next()
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return err
		}
		if err == nil {
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			var doc textIn
			if doc, err = parseTextIn(line); err == nil {
				at, dateErr := textDate(doc.Date)
				if dateErr != nil {
					complain.Encode(badLine{ls.n, dateErr.Error()})
				}
				if langErr := knownLang(doc.Lang); langErr != nil {
					complain.Encode(badLine{ls.n, langErr.Error()})
					doc.Lang = ""
				}
				if doc.Title == "" && doc.Text == "" {
					complain.Encode(badLine{ls.n, "no title and no text: there is nothing to read"})
				}
				if err := do(doc, at); err != nil {
					return err
				}
				continue
			}
		}
		failed = true
		complain.Encode(badLine{ls.n, err.Error()})
	}
	if failed {
		return &exitError{code: exitFailed}
	}
	return nil
}

func parseTextIn(line []byte) (textIn, error) {
	var doc textIn
	if err := json.Unmarshal(line, &doc); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) && wrong.Field != "" {
			return doc, fmt.Errorf("%q is a JSON %s; it must be a %s", wrong.Field, wrong.Value, wrong.Type)
		}
		if wrong != nil {
			return doc, fmt.Errorf("not a JSON object but a JSON %s", wrong.Value)
		}
		return doc, fmt.Errorf("not a JSON object: %w", err)
	}
	switch id := string(bytes.TrimSpace(doc.ID)); {
	case id == "" || id == "null" || id == `""`:
		return doc, errors.New("no id")
	case id[0] != '"' && id[0] != '-' && (id[0] < '0' || id[0] > '9'):
		return doc, errors.New("the id must be a string or a number")
	}
	return doc, nil
}

// knownLang says what is wrong with the language that a text is said to be in.
func knownLang(lang string) error {
	if lang = strings.TrimSpace(lang); lang == "" || strings.EqualFold(lang, text.Unknown) {
		return nil
	}
	if _, err := language.Parse(text.NormalizeLang(lang)); err != nil || text.NormalizeLang(lang) == text.Unknown {
		return fmt.Errorf("the language %q was ignored: a tag is expected, such as ru, kk or uz-Cyrl", lang)
	}
	return nil
}

// textDate reads the forms of date that a text may come with; the zero time for none.
func textDate(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateTime, time.DateOnly, "2006-01"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("the date %q was ignored: it may be in RFC 3339, YYYY-MM-DD hh:mm:ss, a day or a month", s)
}
