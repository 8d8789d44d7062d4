package review

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// slowStories are changes that take a second to look up, and three to count.
type slowStories struct {
	Stories
	mu      sync.Mutex
	changed []int64
}

func (s *slowStories) change(story int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed = append(s.changed, story)
}

func (s *slowStories) StoryChanges(_ context.Context, after int64) ([]int64, int64, error) {
	time.Sleep(time.Second)
	if after < 0 {
		time.Sleep(2 * time.Second)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if after < 0 {
		return nil, int64(len(s.changed)), nil
	}
	return slices.Clone(s.changed[after:]), int64(len(s.changed)), nil
}

// A story that changes while the first page begins to listen is told to it, as are
// those that change later.
func TestNothingIsMissedWhileAPageBeginsToListen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stories := &slowStories{changed: []int64{5}}
		ctx, leave := context.WithCancel(t.Context())
		answer := httptest.NewRecorder()
		v := &visit{Desk: &Desk{Options: Options{Stories: stories}}, w: answer, r: httptest.NewRequestWithContext(ctx, http.MethodGet, "/inbox/events?since=1", nil)}
		ended := make(chan error, 1)
		go func() { ended <- v.events() }()
		time.Sleep(2 * time.Second)
		stories.change(6)
		time.Sleep(time.Minute)
		stories.change(7)
		time.Sleep(time.Minute)
		leave()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute) // the look that was under way ends
		for _, want := range []string{"data: [6]\n", "data: [7]\n"} {
			if !strings.Contains(answer.Body.String(), want) {
				t.Errorf("nothing of %q: %q", want, answer.Body)
			}
		}
	})
}
