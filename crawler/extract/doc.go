// Package extract reads what an article's page says: its text, title, authors
// and dates, its canonical address, language and site.
//
// [Page] is a pure reader: bytes in, values out. It asks no network and no
// clock. What a page may cost is bounded, whatever is on it: it is read up to
// 4 MiB, and package blocks bounds what is kept of it.
//
// Each field is taken from where it is most often right, and [Origin] says where
// that was:
//
//   - the title from og:title without the site's name, then the h1, then JSON-LD,
//     which goes first where og:title only repeats the title element; on pages
//     without JSON-LD from the h1 that the title element has too, before og:title;
//   - dates and authors from JSON-LD, then meta elements, then marked elements;
//     a date also from the address and from what is written near the headline;
//   - the text from the source's selectors, then from the blocks of the page
//     that the model of package blocks takes for the article; where that is next
//     to nothing, from JSON-LD's articleBody, which is often cut short, and from
//     the data of scripts. Paragraphs that lead elsewhere ("read also",
//     subscriptions, notices), boxes that ask for consent to cookies and the next
//     story on the same page are left out.
//
// A source's own selectors go before all of that. Only they need the page's
// tree.
//
// The headline is no part of the text, but on old pages that say nowhere what
// their headline is (no HTML5, no JSON-LD, no microdata): there it stays where it
// stands, as the title may be the site's.
//
// The built-in model is model.bin; model.md says what it was trained on.
package extract
