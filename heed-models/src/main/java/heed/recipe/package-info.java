/// Training from a file: what is learned from what, in folders that Hugging Face's loaders read.
@NullMarked
package heed.recipe;

import org.jspecify.annotations.NullMarked;
