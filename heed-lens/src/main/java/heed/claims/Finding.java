package heed.claims;

import heed.chart.LineChart;
import java.util.List;

/// What an experiment found.
///
/// @param summary in a sentence or two, with the numbers that decided
public record Finding(boolean confirmed, String summary, List<Table> tables, List<LineChart> charts) {
    public Finding {
        tables = List.copyOf(tables);
        charts = List.copyOf(charts);
    }
}
