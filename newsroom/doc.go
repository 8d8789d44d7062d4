// Package newsroom is a press that doesn't exist: made-up outlets, each on its
// own loopback address, that between them publish every kind of feed and page
// that Driftwatch has to read, well-formed and not. It serves the demo and the
// tests of the whole.
//
// Every article says of itself what a reader should make of it: the themes,
// countries and directions of a positive, or why a near miss is none. No
// outlet, person, company or event in it is real; countries, cities and bodies
// such as the CSTO are.
//
// What it promises:
//
//   - It listens on loopback only, and Close leaves nothing running.
//   - Articles are dated back from the moment of Start, so that they are always
//     fresh.
//   - The second edition, brought in by NextEdition, has exactly one new story
//     that is to be told, and one article whose text was changed.
//   - It counts who asked for what, so that a test can hold a crawler to its
//     manners: Hurried names the outlets that were asked too often.
//
// Its sub-package sink has the other end: where Slack messages, mails and
// webhooks arrive.
//
// Or the newsroom publishes a week of news by a clock that its caller moves
// (Options.Week): stories told by several outlets, in other words and other
// languages, copies and late reposts, a story whose level rises, one that is
// denied, one that is corrected, digests, near misses, an outlet that falls
// silent and one that turns readers away. WeekStories is the list of what an
// analyst should get of it.
//
// It needs the whole of 127.0.0.0/8 to be the machine's own, as on Linux.
package newsroom
