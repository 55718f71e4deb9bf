@NullMarked
package heed.server;

import org.jspecify.annotations.NullMarked;
