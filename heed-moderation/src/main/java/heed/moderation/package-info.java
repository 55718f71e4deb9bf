/// Comments judged by what they say: texts made plain, scored by a classifier, calibrated, held against a
/// policy, and every decision written down.
@NullMarked
package heed.moderation;

import org.jspecify.annotations.NullMarked;
