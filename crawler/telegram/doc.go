// Package telegram reads a public channel through the preview page that
// Telegram serves for it (t.me/s/NAME), without an account.
//
// A post is an item: its first words are the title, its text the content, its
// time the date. Where a post links to the channel's own outlet, it points to
// an article there, and the item leads to that; else the post is the article.
//
// A channel that has no preview, or doesn't exist, is an *[UnavailableError]: it
// must not look like one that is silent.
package telegram
