/// Streams of comments judged on Apache Flink: in this process, or as a job of a cluster ([ModerationJob]).
@NullMarked
package heed.flink;

import org.jspecify.annotations.NullMarked;
