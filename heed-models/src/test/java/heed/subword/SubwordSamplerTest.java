package heed.subword;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SubwordSamplerTest {
    private static final List<String> TOKENS = List.of("</s>", "▁", "a", "b", "▁a", "ab", "▁ab", "<0xE0>");
    private static final double[] SCORES = {
        Double.NaN, Math.log(0.1), Math.log(0.1), Math.log(0.1), Math.log(0.2), Math.log(0.2), Math.log(0.3), Double.NaN
    };

    private static String text(int... ids) {
        return Arrays.stream(ids).mapToObj(TOKENS::get).collect(Collectors.joining("|"));
    }

    @Test
    void cutsAreDrawnAsOftenAsTheyAreLikely() {
        SubwordSampler sampler = new SubwordSampler(TOKENS, SCORES, 1, 1);
        SplittableRandom random = new SplittableRandom(7);
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            counts.merge(text(sampler.sample(new int[] {6}, random)), 1, Integer::sum);
        }
        // ▁ab 0.3; ▁|ab 0.1 · 0.2; ▁a|b 0.2 · 0.1; ▁|a|b 0.1³; together 0.341
        assertThat(counts.keySet()).containsExactlyInAnyOrder("▁ab", "▁|ab", "▁a|b", "▁|a|b");
        assertThat(counts.getOrDefault("▁ab", 0) / 20_000.0).isCloseTo(0.3 / 0.341, within(0.01));
        assertThat(counts.getOrDefault("▁|ab", 0) / 20_000.0).isCloseTo(0.02 / 0.341, within(0.006));
        assertThat(counts.getOrDefault("▁|a|b", 0) / 20_000.0).isCloseTo(0.001 / 0.341, within(0.002));
    }

    @Test
    void theTextStaysTheSame() {
        SubwordSampler sampler = new SubwordSampler(TOKENS, SCORES, 0.5, 0.1);
        SplittableRandom random = new SplittableRandom(3);
        int[] text = {6, 2, 7, 4, 3, 5, 0};
        boolean changed = false;
        for (int i = 0; i < 100; i++) {
            int[] sampled = sampler.sample(text, random);
            assertThat(text(sampled).replace("|", "")).isEqualTo(text(text).replace("|", ""));
            assertThat(sampled).endsWith(0).containsSubsequence(7);
            changed |= !Arrays.equals(sampled, text);
        }
        assertThat(changed).isTrue();
        assertThat(new SubwordSampler(TOKENS, SCORES, 0, 1).sample(text, random))
                .isEqualTo(text);
    }
}
