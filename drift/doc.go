// Package drift adds hits up: how much of what was reported in a week moved a
// country away from Russia, and how much closer to it. The two sums stand side
// by side, and are never set off against each other: that both rise at once is
// the ordinary state.
//
// The method, for each country and ISO 8601 week (Monday to Sunday, UTC):
//
//   - A story counts in the week of its earliest article, once for each
//     direction, with its weightiest hit in that direction. The weight is the
//     signal's severity (1 to 5) times a factor for how far the event has come:
//     happened 1; decided, announced 0.8; proposed 0.5; demanded, opinion 0.25;
//     denied 0. A hit that doesn't say how far counts as happened. Of hits of the
//     same weight the one whose signal comes first in the alphabet counts.
//   - A hit in direction mixed counts in both directions. One without a
//     direction, an envoy's warning or a threat, is pressure and has a sum of its
//     own. A contested one counts in none.
//   - What an article of the story denies for a country, at the time of the first
//     report of that signal or after it, counts in none, and is listed as
//     contested.
//   - Of one signal and direction at most Cap stories count in a week, the
//     weightiest first, so that one kind of news can't carry the week.
//   - A hit that several countries share counts for each of them, in the
//     direction that it says each of them moves.
//   - A verdict on one hit of a story holds for the story's other hits of that
//     signal and direction; the last one stands. What is irrelevant counts for
//     nothing. What nobody has called relevant counts, and is shown as unjudged.
//
// A side remark (Background) never counts. To leave out hits that were
// withdrawn is the caller's part.
//
// Each sum has a band, in which few stories or few outlets show: see Band and
// Sum. docs/drift.md explains all of this to a reader who doubts it.
package drift
