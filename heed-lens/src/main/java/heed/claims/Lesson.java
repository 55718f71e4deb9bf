package heed.claims;

/// A question that students ask, and its answer in a few sentences.
public record Lesson(String question, String answer) {}
