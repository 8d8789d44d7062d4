// Package shoutrrr tells messages to the services that the library of that name
// knows (github.com/nicholas-fedor/shoutrrr): Telegram, Teams, Discord, Matrix,
// ntfy and others, each by one URL. A message is text without marks, cut to what
// the service takes. It can't be edited: an update names the first message.
//
// The URL holds tokens: no error or receipt holds it, or a word that the service
// said beyond its status.
//
// What the library does with the network is only partly ours to guard. Most
// services use net/http's default transport, which [Guard] replaces in the
// program: it reaches the hosts of the URLs that were opened and no other, by
// redirect neither, and uses no proxy from the environment. The services ntfy,
// gotify, mattermost and smtp make connections of their own, to the host in
// their URL; a redirect of theirs is followed.
package shoutrrr
