package charset_test

import (
	"fmt"

	"driftwatch/crawler/charset"
)

// What is declared as UTF-8 needn't be: here the bytes are windows-1251.
func ExampleXML() {
	text, name := charset.XML([]byte("<title>\xcd\xee\xe2\xee\xf1\xf2\xe8 \xe4\xee\xeb\xe8\xed\xfb</title>"), "text/xml; charset=utf-8")
	fmt.Println(name, string(text))
	// Output: windows-1251 <title>Новости долины</title>
}
