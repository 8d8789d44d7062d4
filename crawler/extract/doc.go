// Package extract reads what an article's page says: its text, title, authors
// and dates, its canonical address, language and site.
//
// [Page] is a pure reader: bytes in, values out. It asks no network and no
// clock. What a page may cost is bounded, whatever is on it: it is read up to
// 4 MiB and 25,000 nodes, and markup that nests beyond reason is flattened.
//
// Each field is taken from where it is most often right:
//
//   - the title from og:title without the site's name, then the h1, then JSON-LD;
//   - dates and authors from JSON-LD, then meta elements, then marked elements;
//     a date also from the address and from what is written near the headline;
//   - the text from the source's selectors, then as go-readability finds it,
//     then from JSON-LD's articleBody, which is often cut short. Paragraphs that
//     lead elsewhere ("read also", subscriptions, notices) are left out.
//
// A source's own selectors go before all of that.
package extract
