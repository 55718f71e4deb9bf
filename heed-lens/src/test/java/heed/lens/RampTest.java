package heed.lens;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RampTest {
    @Test
    void getsSteadilyDarkerOnPaperAndLighterOnADarkPage() {
        for (int step = 0; step < 50; step++) {
            assertThat(luminance(Ramp.LIGHT.rgb((step + 1) / 50.0))).isLessThan(luminance(Ramp.LIGHT.rgb(step / 50.0)));
            assertThat(luminance(Ramp.DARK.rgb((step + 1) / 50.0)))
                    .isGreaterThan(luminance(Ramp.DARK.rgb(step / 50.0)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void letsNumbersBeReadOnEveryColour(int which) {
        Ramp ramp = which == 0 ? Ramp.LIGHT : Ramp.DARK;
        for (int step = 0; step <= 50; step++) {
            double colour = luminance(ramp.rgb(step / 50.0));
            double text = luminance(ramp.wantsBlackText(step / 50.0) ? 0x000000 : 0xFFFFFF);
            double contrast = (Math.max(colour, text) + 0.05) / (Math.min(colour, text) + 0.05);
            assertThat(contrast).as("contrast at %s", step / 50.0).isGreaterThan(4.5);
        }
    }

    /// Relative luminance as WCAG 2 defines it.
    private static double luminance(int rgb) {
        return 0.2126 * channel(rgb >> 16) + 0.7152 * channel(rgb >> 8) + 0.0722 * channel(rgb);
    }

    private static double channel(int value) {
        double share = (value & 0xFF) / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }
}
