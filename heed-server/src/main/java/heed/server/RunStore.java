package heed.server;

import heed.lens.capture.HeadMeasures;
import heed.lens.capture.Run;
import heed.lens.capture.RunInput;
import heed.model.Model;
import heed.pass.Site;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The runs that somebody may look at again, those last looked at longest; old ones go when all together need
/// more than their share of the memory.
///
/// A run is named by a keyed digest of what was asked for: the same request finds the same run, and a name in
/// an address says nothing of the text.
final class RunStore {
    private final long capacity;
    private final byte[] secret = new byte[32];
    private final Map<String, Kept> runs = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /// A run with what is said of its heads.
    ///
    /// @param input what was asked for, to do it again with a change
    record Kept(
            String id,
            String modelName,
            Model model,
            RunInput input,
            Run run,
            Map<Site.Stack, List<HeadMeasures>> measures,
            double milliseconds) {}

    /// @param capacity in bytes; the latest run is kept whatever it needs
    RunStore(long capacity) {
        this.capacity = capacity;
        new SecureRandom().nextBytes(secret);
    }

    /// The name of a run.
    ///
    /// @param input what was asked for, as text
    String idOf(String modelName, String input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(modelName.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            byte[] digest = mac.doFinal(input.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 10);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    synchronized void put(Kept kept) {
        Kept before = runs.put(kept.id(), kept);
        bytes += kept.run().bytes() - (before == null ? 0 : before.run().bytes());
        var oldest = runs.values().iterator();
        while (bytes > capacity && runs.size() > 1 && oldest.hasNext()) {
            Kept gone = oldest.next();
            if (gone.id().equals(kept.id())) {
                break;
            }
            bytes -= gone.run().bytes();
            oldest.remove();
        }
    }

    synchronized Optional<Kept> find(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    /// @throws Refusal when there is no such run, or no longer
    Kept get(String id) {
        return find(id).orElseThrow(() -> Refusal.unknown("this run is no longer kept; run the text again"));
    }
}
