package heed.chat;

/// One turn of a conversation.
///
/// @param role who speaks: `system`, `user`, `assistant`
/// @param content what is said
public record ChatMessage(String role, String content) {
    public static ChatMessage system(String content) {
        return new ChatMessage("system", content);
    }

    public static ChatMessage user(String content) {
        return new ChatMessage("user", content);
    }

    public static ChatMessage assistant(String content) {
        return new ChatMessage("assistant", content);
    }
}
