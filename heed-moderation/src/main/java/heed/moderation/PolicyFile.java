package heed.moderation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// The policy in force, read anew when its file has changed. A file that has become invalid is refused, told
/// once, and what was in force stays. Safe for any number of threads.
public final class PolicyFile {
    private final Path file;
    private final List<String> labels;
    private final Consumer<String> refusals;
    private byte[] seen;
    private String refused = "";
    private Policy policy;

    /// @param labels of the model that the policy is for
    /// @param refusals hears why a changed file is not taken
    /// @throws ModerationException when the file is no valid policy to begin with
    public PolicyFile(Path file, List<String> labels, Consumer<String> refusals) {
        this.file = file;
        this.labels = List.copyOf(labels);
        this.refusals = refusals;
        this.seen = content();
        this.policy = parsed(seen);
    }

    private byte[] content() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ModerationException("cannot read the policy " + file + ": " + e.getMessage(), e);
        }
    }

    private Policy parsed(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        return Policy.parse(text, String.valueOf(file.getFileName())).requireLabels(labels);
    }

    public synchronized Policy policy() {
        return policy;
    }

    /// Looks whether the file has changed. Its content counts and not its date, which may stay where files are
    /// copied.
    ///
    /// @return whether another policy is in force now
    public synchronized boolean refresh() {
        try {
            byte[] content = content();
            if (Arrays.equals(content, seen)) {
                return false;
            }
            seen = content;
            refused = "";
            policy = parsed(content);
            return true;
        } catch (ModerationException e) {
            String reason = e.getMessage() + "; policy " + policy.version() + " stays in force";
            if (!reason.equals(refused)) {
                refused = reason;
                refusals.accept(reason);
            }
            return false;
        }
    }
}
