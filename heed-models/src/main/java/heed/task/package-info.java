/// What models are put to: small objects over a model that was opened.
@NullMarked
package heed.task;

import org.jspecify.annotations.NullMarked;
