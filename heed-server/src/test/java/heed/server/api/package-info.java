@NullMarked
package heed.server.api;

import org.jspecify.annotations.NullMarked;
