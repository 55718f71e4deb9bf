/// Spam and other mails told apart: the mails, cleaned and split (docs/spam.md).
@NullMarked
package heed.examples.spam;

import org.jspecify.annotations.NullMarked;
