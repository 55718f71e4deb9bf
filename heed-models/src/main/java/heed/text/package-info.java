/// Tokenizers: text to token ids and back, as the checkpoint's authors defined it. The work is done by
/// Hugging Face's own `tokenizers` library; this package is the only one that knows the binding, so the
/// rest of the project sees [heed.text.Tokenizer], UTF-16 offsets, ragged rows and one-line errors.
@NullMarked
package heed.text;

import org.jspecify.annotations.NullMarked;
