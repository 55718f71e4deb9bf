@NullMarked
package heed.examples.spam;

import org.jspecify.annotations.NullMarked;
