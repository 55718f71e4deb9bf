package heed.lens;

import java.util.Locale;
import java.util.Map;

/// What the place that text is written to can show.
///
/// @param columns the width of a line
/// @param colours how colours are written, if at all
/// @param light whether the background is light
public record Terminal(int columns, Colours colours, boolean light) {
    /// A file or pipe: no colours, 100 columns.
    public static final Terminal PLAIN = new Terminal(100, Colours.NONE, false);

    private static final int LEAST_COLUMNS = 40;
    private static final String RESET = "\u001b[0m";

    /// How colours are written.
    public enum Colours {
        /// Not at all; shades are the characters `░▒▓█`.
        NONE,
        /// As one of the 24 greys among the 256 colours that xterm fixed.
        INDEXED,
        /// As red, green and blue of 8 bits each.
        TRUE
    }

    public Terminal {
        if (columns < LEAST_COLUMNS) {
            columns = LEAST_COLUMNS;
        }
    }

    /// Reads the usual variables: `NO_COLOR` (set to anything) and `TERM=dumb` forbid colours, `COLORTERM`
    /// `truecolor` or `24bit` offers all of them, `COLUMNS` is the width and `COLORFGBG` the background.
    ///
    /// @param environment such as {@link System#getenv()}
    /// @param interactive whether a person sees the output; a pipe or file gets no colours
    public static Terminal of(Map<String, String> environment, boolean interactive) {
        return new Terminal(columns(environment), colours(environment, interactive), isLight(environment));
    }

    private static int columns(Map<String, String> environment) {
        try {
            return Integer.parseInt(environment.getOrDefault("COLUMNS", "").strip());
        } catch (NumberFormatException absent) {
            return PLAIN.columns();
        }
    }

    private static Colours colours(Map<String, String> environment, boolean interactive) {
        String term = environment.getOrDefault("TERM", "").toLowerCase(Locale.ROOT);
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty() || term.equals("dumb");
        if (!interactive || refused) {
            return Colours.NONE;
        }
        String offered = environment.getOrDefault("COLORTERM", "").toLowerCase(Locale.ROOT);
        return offered.equals("truecolor") || offered.equals("24bit") || term.endsWith("-direct")
                ? Colours.TRUE
                : Colours.INDEXED;
    }

    /// `COLORFGBG` ends in the number of the background, of which 7 and 15 are the white ones.
    private static boolean isLight(Map<String, String> environment) {
        String colours = environment.getOrDefault("COLORFGBG", "");
        String background = colours.substring(colours.lastIndexOf(';') + 1);
        return background.equals("7") || background.equals("15");
    }

    Ramp ramp() {
        return light ? Ramp.LIGHT : Ramp.DARK;
    }

    /// A cell of the text on the ramp's colour; without colours the text alone.
    String painted(String text, double share) {
        if (colours == Colours.NONE) {
            return text;
        }
        if (colours == Colours.INDEXED) {
            double lightness = ramp().lightness(share);
            int ink = Ramp.greyOf(lightness) > 118 ? 16 : 231;
            return "\u001b[38;5;" + ink + "m\u001b[48;5;" + grey(lightness) + "m" + text + RESET;
        }
        int ink = ramp().wantsBlackText(share) ? 0x000000 : 0xFFFFFF;
        return escape(38, ink) + escape(48, ramp().rgb(share)) + text + RESET;
    }

    /// Prose in lines that fit, each ended.
    String lines(String prose) {
        StringBuilder lines = new StringBuilder();
        int used = 0;
        for (String word : prose.split(" ")) {
            int width = DisplayWidth.of(word);
            if (used > 0 && used + 1 + width > columns) {
                lines.append('\n');
                used = 0;
            }
            lines.append(used > 0 ? " " : "").append(word);
            used += width + (used > 0 ? 1 : 0);
        }
        return lines.append('\n').toString();
    }

    String bold(String text) {
        return colours == Colours.NONE ? text : "\u001b[1m" + text + RESET;
    }

    String faint(String text) {
        return colours == Colours.NONE ? text : "\u001b[2m" + text + RESET;
    }

    private String escape(int ground, int rgb) {
        int red = (rgb >> 16) & 0xFF;
        int green = (rgb >> 8) & 0xFF;
        int blue = rgb & 0xFF;
        return "\u001b[" + ground + ";2;" + red + ";" + green + ";" + blue + "m";
    }

    /// One of xterm's 24 greys (8, 18 … 238) or white. Its colour cube has too few blues for an even ramp: the
    /// nearest ones wander to violet and green, and a change of hue would look like a change of kind.
    private static int grey(double lightness) {
        int value = Ramp.greyOf(lightness);
        return value > 246 ? 231 : 232 + Math.clamp(Math.round((value - 8) / 10f), 0, 23);
    }
}
