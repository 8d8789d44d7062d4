// Package blocks cuts a page into blocks of text and tells which of them are
// its article's.
//
// [Read] goes over the bytes of a page once and builds no tree: it keeps a flat
// list of elements, each with its parent, and a flat list of blocks, runs of
// text that no block-level tag and no line break interrupts. What the head of
// the page declares, what is marked as a date, an author or a headline, and the
// texts of scripts are taken down on the way.
//
// [Model.Score] gives each block the probability that it is a part of the
// article. The model is gradient-boosted trees over features of a block, of
// its neighbours, of the elements around it and of the page. What words stand
// in short blocks and how elements are named is counted on the training pages
// and enters as odds. Command eval/extracttrain makes the model; model.md says
// from which sets.
//
// A page costs time in proportion to its length, whatever it holds: elements
// nest at most [MaxDepth] deep, and a page has at most [MaxBlocks] blocks.
package blocks
