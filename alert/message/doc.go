// Package message says in words what an alert holds: what happened where,
// under which title, in which outlet, when, which sentence set it off with
// which words, where to read it, and why it was flagged.
//
// A [Message] is built once and written by each channel in its own form. All
// text in it is of one line, harmless in a terminal and bounded in length;
// what a channel's form treats specially (Slack's & < >, HTML) is that
// channel's to escape.
package message
