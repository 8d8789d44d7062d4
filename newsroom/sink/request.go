package sink

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// maxBody is more than any message may have.
const maxBody = 1 << 20

// body reads a request's body, which has to fit.
func body(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(b) > maxBody {
		err = errors.New("larger than a megabyte")
	}
	if err != nil {
		return nil, fmt.Errorf("read the message: %w", err)
	}
	return b, nil
}

// refuse answers as a manner with a status has it.
func refuse(w http.ResponseWriter, m Manner, text string) {
	if m.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(m.RetryAfter.Seconds())))
	}
	http.Error(w, text, m.Status)
}
