package heed.flink;

/// A line of a file or a message, as it came.
///
/// @param place where it stood: `comments.txt:17`, or `topic-0@123` (partition and offset)
/// @param json whether it is to be read as JSON
/// @param text empty when there is a problem that leaves none
/// @param problem why it cannot be read; empty when it can
public record Arrival(String place, boolean json, String text, String problem) {}
