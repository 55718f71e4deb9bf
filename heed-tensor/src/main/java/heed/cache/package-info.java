/// Where Heed keeps what it can get again.
@NullMarked
package heed.cache;

import org.jspecify.annotations.NullMarked;
