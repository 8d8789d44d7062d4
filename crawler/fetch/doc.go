// Package fetch is the one way in which content is fetched.
//
// A [Client] keeps one pace for each host, whatever is asked of it: feeds,
// pages and robots files share it. It obeys robots.txt for pages (RFC 9309)
// and Retry-After for everything, asks conditionally, says honestly who it
// is, and contacts only what the guard lets it. What comes back is bounded in
// decoded bytes, in header, in redirects and in time, so that no server can
// hold it up or fill its memory.
//
// Every failure is an *[Error] with a [Kind] that a program can go by and a
// sentence that a person can read.
package fetch
