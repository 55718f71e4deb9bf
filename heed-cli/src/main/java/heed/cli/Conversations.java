package heed.cli;

import heed.chat.ChatMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Conversations that a person writes down: a text that a user says, or a file of JSON, each conversation a
/// list of messages with `role` and `content`, or such a list as `messages`; one conversation, or one a line.
final class Conversations {
    private static final Set<String> MESSAGE = Set.of("role", "content");

    private Conversations() {}

    /// @param fileOrText a file, a text where there is no such file, or `-` for standard input
    /// @param system what is said before everything else; null for nothing
    /// @throws IllegalArgumentException when a file has no conversations, with the number of the first that is
    /// wrong
    static List<List<ChatMessage>> read(String fileOrText, @Nullable String system) throws IOException {
        List<List<ChatMessage>> all =
                isFile(fileOrText) ? inFile(fileOrText) : List.of(List.of(ChatMessage.user(fileOrText)));
        return system == null ? all : behind(system, all);
    }

    private static boolean isFile(String fileOrText) {
        try {
            return fileOrText.equals("-") || Files.exists(Path.of(fileOrText));
        } catch (InvalidPathException _) { // then it is a text for sure
            return false;
        }
    }

    private static List<List<ChatMessage>> behind(String system, List<List<ChatMessage>> conversations) {
        List<List<ChatMessage>> all = new ArrayList<>();
        for (List<ChatMessage> conversation : conversations) {
            if (conversation.getFirst().role().equals("system")) {
                throw new IllegalArgumentException(
                        "--system is given, and a conversation begins with a message of the" + " system already");
            }
            List<ChatMessage> whole = new ArrayList<>(List.of(ChatMessage.system(system)));
            whole.addAll(conversation);
            all.add(whole);
        }
        return all;
    }

    private static List<List<ChatMessage>> inFile(String file) throws IOException {
        List<List<ChatMessage>> all = new ArrayList<>();
        try (JsonParser parser = JsonMapper.shared().createParser(Lines.all(file))) {
            while (parser.nextToken() != null) { // values one after the other, between lines or not
                JsonNode node = parser.readValueAsTree();
                all.add(conversation(node, Lines.named(file) + ", conversation " + (all.size() + 1)));
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    Lines.named(file) + " is no JSON in conversation " + (all.size() + 1) + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException(Lines.named(file) + " has no conversation");
        }
        return all;
    }

    private static List<ChatMessage> conversation(JsonNode node, String where) {
        JsonNode messages = node.isObject() ? node.path("messages") : node;
        if (!messages.isArray() || messages.isEmpty()) {
            throw new IllegalArgumentException(where + " should be a list of messages, or have one as \"messages\"");
        }
        List<ChatMessage> conversation = new ArrayList<>();
        for (JsonNode message : messages) {
            conversation.add(message(message, where + ", message " + (conversation.size() + 1)));
        }
        return conversation;
    }

    private static ChatMessage message(JsonNode node, String where) {
        for (String key : MESSAGE) {
            if (!node.path(key).isString()) {
                throw new IllegalArgumentException(where + " should have \"" + key + "\", a text");
            }
        }
        Set<String> others = new TreeSet<>(node.propertyNames());
        others.removeAll(MESSAGE);
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(
                    where + " has \"" + others.iterator().next() + "\", which is not supported: role and content are");
        }
        return new ChatMessage(
                node.path("role").asString(), node.path("content").asString());
    }
}
