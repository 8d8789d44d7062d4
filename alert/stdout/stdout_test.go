package stdout_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"driftwatch/alert/channel"
	"driftwatch/alert/internal/sample"
	"driftwatch/alert/message"
	"driftwatch/alert/stdout"
	"driftwatch/guard"
)

func Example() {
	c := stdout.New(stdout.Settings{Out: os.Stdout, Zone: sample.Zone})
	if _, err := c.Send(context.Background(), sample.Kyrgyz()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Update: Kyrgyzstan · CSTO · level 3 of 5 · away from Russia
	//
	// Күзгү машыгуу: ким барат, ким калат
	// Өзгөн кабары, Kyrgyzstan, and 1 other outlet
	// publication time not given, seen 26 Aug 2031 11:42 +05
	//
	//     *Кыргызстан ЖККУнун машыгууларына катышпайт*, деп билдирди министрлик.
	//
	//     Ошол эле күнү *Россия менен* жаңы *келишимге* кол коюлду.
	//
	// https://news.example/a?from=feed
	//
	// Why:
	// - Exercise declined
	//   Staying away from exercises is a step away from the CSTO.
	// - New treaty (Kyrgyzstan, Tajikistan · CSTO · level 2 of 5 · closer to Russia)
}

func TestNothingActsOnTheTerminal(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		c := stdout.New(stdout.Settings{Out: &out, JSON: asJSON})
		for range 2 {
			if receipt, err := c.Send(t.Context(), sample.Hostile()); err != nil || receipt != "printed" {
				t.Fatalf("%q, %v", receipt, err)
			}
		}
		if got := out.String(); guard.Text(got) != got {
			t.Errorf("%q", got)
		}
		if !asJSON {
			continue
		}
		for line := range strings.Lines(out.String()) {
			var doc message.JSON
			if err := json.Unmarshal([]byte(line), &doc); err != nil || doc.ID != "dw_SAMPLE7KEY" {
				t.Errorf("%v: %s", err, line)
			}
		}
	}
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("closed") }

func TestPrintingFails(t *testing.T) {
	_, err := stdout.New(stdout.Settings{Out: closed{}}).Send(t.Context(), sample.Russian())
	if retry, ok := err.(*channel.RetryError); !ok || retry.Problem != "printing failed" {
		t.Errorf("%T %v", err, err)
	}
}
