package text

import (
	"slices"
	"testing"
)

func TestSentences(t *testing.T) {
	for _, tc := range []struct {
		text string
		want []string
	}{
		{"В г. Бишкек об этом сообщили в 2022 г. Позже стало тихо.", []string{"В г. Бишкек об этом сообщили в 2022 г.", "Позже стало тихо."}},
	} {
		r := Read("", tc.text, "")
		var got []string
		for i := range r.Body.Sentences {
			got = append(got, r.Body.Sentence(i))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%q:\n got %q\nwant %q", tc.text, got, tc.want)
		}
	}
}
