// Package alert tells people what was flagged: which hit goes to whom
// ([Router]), what is sent how ([Channel], one small folder each), and how
// every delivery that is owed is made ([Drainer]).
//
// It promises:
//
//   - What the [Outbox] holds is sent, under a key that is the same for each
//     attempt, until the channel accepts it, refuses it for good, or has
//     refused it for three days.
//   - An acceptance is recorded before the next message of that channel is
//     begun, even while the program is being stopped.
//   - A channel that is down delays no other, is tried with one message at a
//     time, and is left alone for as long as it asks.
//   - A channel reaches the host that the operator wrote and no other; secrets
//     and addresses of channels are in no error, receipt or report.
//   - Text from outside can't act where it comes out.
package alert
