package heed.lens.roles;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Something that a head can do (Clark et al. 2019, §3 and §4; Vig and Belinkov 2019; Olsson et al. 2022 for
/// induction).
public enum Role {
    PREVIOUS("each token looks most at the one before it", Kind.TOKEN),
    NEXT("each token looks most at the one behind it", Kind.TOKEN),
    ITSELF("each token looks most at itself", Kind.TOKEN),
    SPECIAL("more than half of the attention goes to special tokens such as [SEP]", Kind.TOKEN),
    /// What every head does before it has learned anything, so it is told and not tested.
    BROAD("attention is spread: its entropy is at least 90 % of the most that is possible", Kind.TOLD),
    DUPLICATE("a word looks at the same word elsewhere", Kind.LINK),
    INDUCTION("a word looks at what followed the same word elsewhere", Kind.LINK),
    DETERMINER("a determiner looks at its noun", Kind.LINK),
    ADJECTIVE("an adjective looks at its noun", Kind.LINK),
    OBJECT("an object looks at its verb", Kind.LINK),
    SUBJECT("a subject looks at its verb", Kind.LINK),
    PRONOUN("a pronoun looks at the person it stands for", Kind.LINK);

    /// How a role shows.
    private enum Kind {
        TOKEN,
        TOLD,
        LINK
    }

    private final String description;
    private final Kind kind;

    Role(String description, Kind kind) {
        this.description = description;
        this.kind = kind;
    }

    /// In a sentence.
    public String description() {
        return description;
    }

    /// Whether it is a link between two words, which a fixed distance may hit as well; otherwise it is seen at
    /// every token, and a head has it that does it more often than not.
    public boolean links() {
        return kind == Kind.LINK;
    }

    /// Whether chance is reckoned with.
    public boolean tested() {
        return kind != Kind.TOLD;
    }

    static List<Role> ofLinks() {
        return Stream.of(values()).filter(Role::links).toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
