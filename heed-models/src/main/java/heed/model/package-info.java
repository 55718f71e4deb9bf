/// Where a Java developer begins: models opened by name, and what they show.
@NullMarked
package heed.model;

import org.jspecify.annotations.NullMarked;
