/// Many askers, one model: admission by tokens, batches by tokens, deadlines, and what is measured of them.
/// Nothing here knows HTTP.
@NullMarked
package heed.serving;

import org.jspecify.annotations.NullMarked;
