// Package review is the desk: the pages on which analysts judge what was
// flagged.
//
// Pages are made on the server; the scripts that come with them only save clicks.
// What a page may do stands as small interfaces in this package, which the caller
// fills in: the desk knows no store and no crawler. Every address is in one table
// with the least role that may ask for it, and that is checked for each request.
// Whatever comes from outside is shown as text, and no page makes a browser ask
// another server for anything.
//
// A page of the desk is made of three things: a route in the table, a function
// that fills what it shows, and a template of the same name in templates/, which
// defines "main".
package review
