package watch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"driftwatch/alert/slack"
	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
)

// Listeners hear the buttons of the configuration's Slack channels, one for each
// app. What they are told becomes verdicts and silences of the Watch's store.
func (w *Watch) Listeners(channels map[string]configs.Channel, userAgent string, failed func(channel string, problem error)) []*slack.Listener {
	var out []*slack.Listener
	heard := map[string]bool{} // by token: two channels of one app share a connection
	for _, name := range slices.Sorted(maps.Keys(channels)) {
		c := channels[name]
		if c.Type != configs.ChannelSlack || !c.AppToken.IsSet() || heard[c.AppToken.Reveal()] {
			continue
		}
		heard[c.AppToken.Reveal()] = true
		out = append(out, &slack.Listener{
			Token: c.AppToken.Reveal(), API: c.API, UserAgent: userAgent, Now: w.Now,
			Verdict: w.judgeStory, Silence: w.silenceStory, Failed: func(err error) { failed(name, err) },
		})
	}
	return out
}

// Listen runs listeners until ctx ends; what ends one before is for failed.
func Listen(ctx context.Context, listeners []*slack.Listener) {
	var wg sync.WaitGroup
	for _, l := range listeners {
		wg.Go(func() {
			if err := l.Run(ctx); err != nil {
				l.Failed(fmt.Errorf("the buttons aren't heard any more: %w", err))
			}
		})
	}
	wg.Wait()
}

// judgeStory gives a verdict on the hits of a story that stand and aren't
// background. What was pressed counts, though the program is about to stop.
func (w *Watch) judgeStory(ctx context.Context, story int64, says news.Judgement, person string) error {
	ctx = context.WithoutCancel(ctx)
	rows, err := w.Store.Hits(ctx, store.HitFilter{Stories: []int64{story}})
	if err != nil {
		return fmt.Errorf("look up story %d: %w", story, err)
	}
	judged := 0
	for _, r := range rows {
		if r.Hit.Background {
			continue
		}
		v := news.Verdict{Hit: r.Hit.ID, Says: says, By: person, Note: "by a button in Slack", Given: w.Now().UTC()}
		if err := w.Store.Judge(ctx, v); err != nil {
			return fmt.Errorf("keep the verdict on story %d: %w", story, err)
		}
		judged++
	}
	if judged == 0 {
		return fmt.Errorf("story %d has no hits any more", story)
	}
	return nil
}

// silenceStory keeps back the messages of a story until a time.
func (w *Watch) silenceStory(ctx context.Context, story int64, person string, until time.Time) error {
	_, err := w.Store.AddSilence(context.WithoutCancel(ctx), news.Silence{
		Stories: []int64{story}, Reason: "by a button in Slack", By: person, Begins: w.Now().UTC(), Ends: until.UTC(),
	})
	if err != nil {
		return fmt.Errorf("silence story %d: %w", story, err)
	}
	return nil
}
