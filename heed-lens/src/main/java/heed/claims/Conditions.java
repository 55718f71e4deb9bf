package heed.claims;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Under what circumstances an experiment ran: whoever reads its numbers should know.
final class Conditions {
    private Conditions() {}

    static Map<String, Object> of(Trial trial, Instant start, Instant end) {
        Map<String, Object> conditions = new LinkedHashMap<>();
        conditions.put("effort", trial.effort().name().toLowerCase(Locale.ROOT));
        conditions.put("seeds", trial.seeds().length);
        conditions.put("kernels", trial.kernels().name());
        conditions.put("threads", trial.workers().threads());
        conditions.put("processors", Runtime.getRuntime().availableProcessors());
        conditions.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        conditions.put("java", Runtime.version().toString());
        conditions.put("started", start.toString());
        conditions.put("seconds", (end.toEpochMilli() - start.toEpochMilli()) / 1e3);
        return conditions;
    }
}
