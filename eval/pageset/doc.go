// Package pageset trains the model of crawler/extract/blocks on pages with
// checked text, and measures readers on them.
//
// Which blocks of a page are its article is told by aligning its words with
// those of the checked text. Pages are folded by outlet, never by page: pages of
// one outlet are much alike.
package pageset
