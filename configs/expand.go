package configs

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// expandError is why a ${…} can't be replaced. It never quotes a value.
type expandError struct {
	offset int // of the ${ in the text, in bytes
	msg    string
}

func (e *expandError) Error() string { return e.msg }

// maxSecret is the most that a ${file:…} may hold, in bytes.
const maxSecret = 64 << 10

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expander replaces ${NAME} by a variable of the environment, ${file:PATH} by
// what a file holds (without the newline at its end; a relative path begins at
// folder), and $$ by a dollar. Any other dollar stands for itself. Each value
// that is put in goes to note too.
func expander(getenv func(string) (string, bool), folder string, note func(value string)) func(string) (string, error) {
	return func(text string) (string, error) {
		var out strings.Builder
		for at := 0; at < len(text); {
			dollar := strings.IndexByte(text[at:], '$')
			if dollar < 0 {
				out.WriteString(text[at:])
				break
			}
			out.WriteString(text[at : at+dollar])
			at += dollar
			switch {
			case strings.HasPrefix(text[at:], "$$"):
				out.WriteByte('$')
				at += 2
			case strings.HasPrefix(text[at:], "${"):
				end := strings.IndexByte(text[at:], '}')
				if end < 0 {
					return "", &expandError{at, "this ${ has no closing }; write $$ for a dollar"}
				}
				value, problem := lookUp(text[at+2:at+end], getenv, folder)
				if problem != "" {
					return "", &expandError{at, problem}
				}
				note(value)
				out.WriteString(value)
				at += end + 1
			default:
				out.WriteByte('$')
				at++
			}
		}
		return out.String(), nil
	}
}

// lookUp gives the value of what stands between ${ and }, or why there is none.
func lookUp(name string, getenv func(string) (string, bool), folder string) (value, problem string) {
	if path, isFile := strings.CutPrefix(name, "file:"); isFile {
		return readSecret(path, folder)
	}
	if !envName.MatchString(name) {
		return "", "between ${ and } stands the name of an environment variable, or file: and a path; write $$ for a dollar"
	}
	value, set := getenv(name)
	if !set {
		return "", fmt.Sprintf("the environment variable %s isn't set", name)
	}
	return value, ""
}

// readSecret reads a file without the newline at its end.
func readSecret(path, folder string) (value, problem string) {
	if path == "" {
		return "", "after file: the path of a file is expected"
	}
	target := path
	if !filepath.IsAbs(path) {
		target = filepath.Join(folder, path)
	}
	f, err := os.Open(target)
	if err != nil {
		return "", fmt.Sprintf("the file %s can't be read: %s", path, cause(err))
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	switch {
	case err != nil:
		return "", fmt.Sprintf("the file %s can't be read: %s", path, cause(err))
	case len(data) > maxSecret:
		return "", fmt.Sprintf("the file %s is larger than %d KiB", path, maxSecret>>10)
	}
	text := strings.TrimSuffix(string(data), "\n")
	return strings.TrimSuffix(text, "\r"), ""
}
