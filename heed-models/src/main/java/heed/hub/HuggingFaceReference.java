package heed.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A model repository on the Hugging Face hub: `hf:org/name[@revision][:variant]`.
///
/// @param repository `org/name`, or a bare `name` for some of the oldest repositories
/// @param revision a branch, a tag or a commit; `main` unless something else is asked for
/// @param variant which of several GGUF files is meant: part of its name, such as `Q4_K_M`
record HuggingFaceReference(String repository, String revision, Optional<String> variant) {
    static final String SCHEME = "hf:";
    private static final String BRANCH = "main";

    private static final Pattern REFERENCE = Pattern.compile("hf:([^@:]*)(?:@([^:]*))?(?::(.*))?");

    /// What the hub allows in names; in particular nothing that would leave a folder of this name.
    private static final Pattern REPOSITORY = Pattern.compile("([A-Za-z0-9_][\\w.-]{0,95}/)?[A-Za-z0-9_][\\w.-]{0,95}");

    /// Git allows more; the rest would be no path below the cache's `refs` folder.
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_][\\w.+-]*(/[A-Za-z0-9_][\\w.+-]*)*");

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /// @throws HubException when the text is no such reference
    static HuggingFaceReference parse(String text) {
        Matcher parts = REFERENCE.matcher(text);
        if (!parts.matches()) {
            throw malformed(text, "hf:org/name[@revision][:variant] was expected");
        }
        String repository = parts.group(1);
        String revision = Optional.ofNullable(parts.group(2)).orElse(BRANCH);
        if (!REPOSITORY.matcher(repository).matches()
                || repository.contains("--")
                || repository.contains("..")
                || repository.endsWith(".git")) {
            throw malformed(text, "'%s' is no repository, which is called like org/name".formatted(repository));
        }
        if (!isRevision(revision)) {
            throw malformed(text, "'%s' is no branch, tag or commit".formatted(revision));
        }
        Optional<String> variant = Optional.ofNullable(parts.group(3));
        if (variant.isPresent() && !variant.get().matches("[\\w.-]+")) {
            throw malformed(text, "'%s' is no part of a file's name".formatted(variant.get()));
        }
        return new HuggingFaceReference(repository, revision, variant);
    }

    private static boolean isRevision(String text) {
        return text.length() <= 200
                && !text.contains("..")
                && REVISION.matcher(text).matches();
    }

    private static HubException malformed(String text, String reason) {
        return new HubException("'%s' is no reference to a repository: %s".formatted(text, reason));
    }

    /// The reference to what a cache holds of a repository under a revision.
    static HuggingFaceReference of(String repository, String revision) {
        return new HuggingFaceReference(repository, revision, Optional.empty());
    }

    /// Whether a text is a full commit, which always means the same files.
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /// What the repository's folder in the cache is called.
    String folderName() {
        return "models--" + repository.replace("/", "--");
    }

    @Override
    public String toString() {
        return SCHEME
                + repository
                + (revision.equals(BRANCH) ? "" : "@" + revision)
                + variant.map(name -> ":" + name).orElse("");
    }
}
