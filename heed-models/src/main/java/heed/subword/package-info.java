/// Learning which pieces words are made of: byte-pair encoding and the unigram model. Counted words come in,
/// merges or scored pieces go out; `heed.text` makes tokenizers of them.
@NullMarked
package heed.subword;

import org.jspecify.annotations.NullMarked;
