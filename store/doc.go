// Package store says what Driftwatch must remember and how that is asked for:
// the interface of a store, the few types that only a store speaks, and its
// errors. [driftwatch/store/sqlite] keeps it in one SQLite file;
// [driftwatch/store/storetest] is the suite that every store passes.
//
// What a store promises:
//
//   - What one Update did is kept whole or not at all, whatever kills the
//     process. A hit and the deliveries that it owes are written in one Update.
//   - There is one writer at a time, in whatever process; readers never wait
//     for it and see the last finished Update.
//   - A delivery is made once for a route, channel, story and version, and one
//     that is recorded as sent never becomes anything else again.
//   - Verdicts are added, never changed; hits keep their identity over the
//     revisions of their article, so that verdicts stay with them.
//   - Texts of earlier revisions are kept.
//   - No channel's address and no secret is stored.
//
// Times are UTC with a resolution of a millisecond; the zero time is "unknown"
// and comes back as the zero time.
package store
