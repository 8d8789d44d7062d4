// Package text is what every reader needs: it turns an article into words with
// exact places, sentences and a language, and finds terms in it in any of
// their forms.
package text
