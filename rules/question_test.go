package rules_test

import (
	"testing"

	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

// TestQuestions: what is asked or supposed is an opinion, but who asks for the
// reason, the manner or the doer of an act takes it as done.
func TestQuestions(t *testing.T) {
	e := small(t)
	for _, c := range []struct {
		lang, title string
		status      news.Status
	}{
		{"en", "Kyrgyzstan cancels CSTO drill?", news.StatusOpinion},
		{"en", "“Did Kyrgyzstan cancel the CSTO drill?”", news.StatusOpinion},
		{"en", "Analysis: is Kyrgyzstan about to cancel the CSTO drill?", news.StatusOpinion},
		{"en", "Minister asked whether Kyrgyzstan cancelled the CSTO drill", news.StatusOpinion},
		{"en", "If Kyrgyzstan cancels the CSTO drill, others follow", news.StatusOpinion},
		{"en", "What if Kyrgyzstan cancels the CSTO drill?", news.StatusOpinion},
		{"en", "Minister asked whether Armenia minds after Kyrgyzstan cancelled the CSTO drill", news.StatusHappened},
		{"en", "Kyrgyzstan, even if late, cancels CSTO drill", news.StatusHappened},
		{"en", "Why did Kyrgyzstan cancel the CSTO drill?", news.StatusHappened},
		{"en", "Analysis: why did Kyrgyzstan cancel the CSTO drill?", news.StatusHappened},
		{"en", "Kyrgyzstan cancels CSTO drill: what next?", news.StatusHappened},
		{"en", "Kyrgyzstan cancels CSTO drill, who is next?", news.StatusHappened},
		{"en", "Kyrgyzstan cancels CSTO drill. Is it the last?", news.StatusHappened},
		{"ru", "Отменит ли Кыргызстан учения ОДКБ?", news.StatusOpinion},
		{"ru", "Неизвестно, отменит ли Кыргызстан учения ОДКБ", news.StatusOpinion},
		{"ru", "Почему Кыргызстан отменил учения ОДКБ?", news.StatusHappened},
		{"ru", "Кыргызстан отменил учения ОДКБ, что дальше?", news.StatusHappened},
		{"kk", "Қазақстан ҰҚШҰ жаттығуын тоқтатты ма?", news.StatusOpinion},
		{"kk", "Қазақстан ҰҚШҰ жаттығуын неге тоқтатты?", news.StatusHappened},
		{"ky", "Кыргызстан ЖККУ машыгуусун токтоттубу?", news.StatusOpinion},
		{"ky", "Кыргызстан ЖККУ машыгуусун эмнеге токтотту?", news.StatusHappened},
		{"uz", "O‘zbekiston KXShT mashg‘ulotini bekor qildimi?", news.StatusOpinion},
		{"uz", "O‘zbekiston KXShT mashg‘ulotini nega bekor qildi?", news.StatusHappened},
		{"tg", "Оё Тоҷикистон машқи СААД-ро бекор кард?", news.StatusOpinion},
		{"tg", "Чаро Тоҷикистон машқи СААД-ро бекор кард?", news.StatusHappened},
		{"tk", "Türkmenistan KHYG türgenleşigini ýatyrdymy?", news.StatusOpinion},
		{"tk", "Türkmenistan KHYG türgenleşigini näme üçin ýatyrdy?", news.StatusHappened},
	} {
		hits := e.Flag(text.Read(c.title, "", c.lang), rules.About{})
		if len(hits) != 1 || hits[0].Status != c.status {
			t.Errorf("%s\ngot  %s\nwant one hit, %s", c.title, brief(hits), c.status)
		}
	}
}
