/// Every way to choose the next token: greedy decoding, beam search, sampling, and what bends the scores
/// before. `V` is the size of the vocabulary. What is chosen follows Hugging Face's `generate`, so that the
/// same checkpoint continues a text in the same way.
@NullMarked
package heed.generation;

import org.jspecify.annotations.NullMarked;
