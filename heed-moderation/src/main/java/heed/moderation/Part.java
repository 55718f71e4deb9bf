package heed.moderation;

/// A stretch of a comment as it was written, and what of a score hangs on it.
///
/// @param end exclusive
/// @param part in the unit of who says so ([Explainer]); below 0 where it speaks for the comment
public record Part(int start, int end, String text, double part) {}
