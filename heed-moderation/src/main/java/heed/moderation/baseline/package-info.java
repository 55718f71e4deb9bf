/// What a moderator that reads must beat: logistic regression over words and pieces of words, whatever their
/// order.
@NullMarked
package heed.moderation.baseline;

import org.jspecify.annotations.NullMarked;
