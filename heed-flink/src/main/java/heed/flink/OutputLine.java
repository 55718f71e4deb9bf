package heed.flink;

/// A line that is written.
///
/// @param key of a message: the comment's id, or the place of what has none
public record OutputLine(String key, String line) {}
