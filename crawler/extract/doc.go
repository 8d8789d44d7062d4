// Package extract reads what an article's page says: its text, title, authors
// and dates, its canonical address, language and site.
//
// It is a pure reader: bytes in, values out. It asks no network and no clock.
package extract
