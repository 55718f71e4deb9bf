package heed.lens.roles;

import heed.lens.roles.RoleReport.HeadRole;
import heed.lens.roles.RoleReport.OfRole;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What the heads of a model do, for the terminal.
public record RoleText(RoleReport report) {
    private static final int NAMED = 6;

    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(
                "%s, %d layers of %d heads, over %d sentences of %s:%nchosen on every second sentence, scored on the others%n%n"
                        .formatted(
                                report.model(),
                                report.layers(),
                                report.headsOfLayer(),
                                report.sentences(),
                                report.corpus()));
        text.append("role        layer.head   right  95 %             best offset       better by, points"
                + "         random  heads  asked\n");
        report.roles().forEach(role -> text.append(line(role)));
        text.append("\nheads with a role (rate of false discoveries at most ")
                .append(Math.round(100 * RoleReport.FALSE_DISCOVERIES))
                .append(" %):\n");
        for (Role role : Role.values()) {
            List<HeadRole> heads =
                    report.heads().stream().filter(one -> one.role() == role).toList();
            if (!heads.isEmpty()) {
                text.append(String.format(Locale.ROOT, "%-11s %s%n", role, named(heads)));
            }
        }
        if (!Double.isNaN(report.falseShare())) {
            text.append(String.format(
                    Locale.ROOT,
                    "with random weights %.1f %% of heads and roles pass the same test%n",
                    100 * report.falseShare()));
        }
        return text.toString();
    }

    private static String line(OfRole role) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%-11s %10s %6.1f %%  %-15s",
                role.role(),
                role.best().layer() + "." + role.best().head(),
                100 * role.best().rate(),
                String.format(
                        Locale.ROOT,
                        "(%.1f–%.1f)",
                        100 * role.interval().low(),
                        100 * role.interval().high())));
        line.append(
                role.aboveOffset() == null
                        ? " ".repeat(44)
                        : String.format(
                                Locale.ROOT,
                                "%5s: %5.1f %%  %+6.1f (%+.1f to %+.1f)",
                                "%+d".formatted(role.offset()),
                                100 * role.offsetRate(),
                                100 * (role.best().rate() - role.offsetRate()),
                                100 * role.aboveOffset().low(),
                                100 * role.aboveOffset().high()));
        String random =
                Double.isNaN(role.randomRate()) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * role.randomRate());
        return String.format(Locale.ROOT, "%-84s %7s %6d %6d%n", line, random, role.found(), role.asked());
    }

    private static String named(List<HeadRole> heads) {
        String first = heads.stream()
                .limit(NAMED)
                .map(one -> String.format(Locale.ROOT, "%d.%d (%.0f %%)", one.layer(), one.head(), 100 * one.rate()))
                .collect(Collectors.joining(", "));
        return heads.size() > NAMED ? first + " and " + (heads.size() - NAMED) + " more" : first;
    }
}
