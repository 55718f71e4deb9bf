package heed.claims;

import heed.chart.LineChart;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// A finding with all that is needed to read it alone, later, on another machine.
///
/// @param conditions what it ran on
/// @param pictures SVG files
public record ClaimResult(
        String name,
        String statement,
        String rule,
        boolean confirmed,
        String summary,
        Map<String, Object> conditions,
        List<Table> tables,
        List<String> pictures) {
    /// Runs the experiment of a claim.
    public static ClaimResult measure(Claim claim, Trial trial, InstantSource clock) {
        var start = clock.instant();
        Finding finding = claim.measure(trial);
        return new ClaimResult(
                claim.name(),
                claim.statement(),
                claim.rule(),
                finding.confirmed(),
                finding.summary(),
                Conditions.of(trial, start, clock.instant()),
                finding.tables(),
                finding.charts().stream().map(LineChart::svg).toList());
    }

    /// The verdict in words.
    public String verdict() {
        return confirmed ? "confirmed" : "not confirmed";
    }
}
