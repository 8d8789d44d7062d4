// Package channel holds what the folders of the channels share: the errors by
// which a channel says what is to become of a delivery, and [Post], the one way
// in which alerts leave by HTTP.
//
// It promises that a channel reaches the host that the operator wrote and no
// other: redirects are not followed, proxies from the environment are not used.
// It promises too that no error holds the address that was posted to, since
// such addresses are secrets, nor more of an answer than a short code word.
package channel
