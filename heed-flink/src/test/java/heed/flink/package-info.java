@NullMarked
package heed.flink;

import org.jspecify.annotations.NullMarked;
