package heed.flink;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What is written of a record that cannot be judged: when, where it stood, why, and the record itself, so that
/// it can be mended and sent again. Unlike decisions it has a text.
final class DeadLetter {
    /// So much of a record is kept.
    private static final int MOST_CHARACTERS = 10_000;

    private DeadLetter() {}

    /// @param id null where the record has none
    /// @return a line of JSON
    static String line(Instant time, String place, @Nullable String id, String reason, String record) {
        Map<String, Object> letter = new LinkedHashMap<>();
        letter.put("time", time.toString());
        letter.put("place", place);
        letter.put("id", id);
        letter.put("reason", reason);
        letter.put("record", record.length() <= MOST_CHARACTERS ? record : record.substring(0, MOST_CHARACTERS));
        return JsonMapper.shared().writeValueAsString(letter);
    }
}
