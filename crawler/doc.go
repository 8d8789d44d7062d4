// Package crawler is the house of everything that turns a source into
// articles. It holds no code itself; each step is a room:
//
//   - [driftwatch/crawler/schedule] says which sources are due;
//   - [driftwatch/crawler/fetch] is the one way in which content is fetched;
//   - [driftwatch/crawler/feed] and [driftwatch/crawler/site] find items;
//   - [driftwatch/crawler/extract] takes the article out of its page;
//   - [driftwatch/crawler/address] tells when two addresses are one article.
package crawler
