// Package drift adds hits up: how much of what was reported in a week moved a
// country away from Russia, and how much closer to it. The two sums stand side
// by side, and are never set off against each other: that both rise at once is
// the ordinary state.
//
// The method, for each country and ISO 8601 week (Monday to Sunday, UTC):
//
//   - A story counts in the week of its earliest article, once for each
//     direction, with its strongest hit in that direction: the hit's level is
//     its weight, the hit's theme and signal are what it counts for. Of hits of
//     the same level the one whose signal comes first in the alphabet counts.
//   - A hit in direction mixed counts in both directions; one that is contested
//     or has no direction in none.
//   - Of one signal and direction at most Cap stories count in a week, the
//     strongest first, so that one kind of news can't carry the week.
//   - A hit that several countries share counts for each of them.
//
// It counts what it is given: to leave out hits that were judged irrelevant,
// that were withdrawn, or that are a side remark only, is the caller's part.
package drift
