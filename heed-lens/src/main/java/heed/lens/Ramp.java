package heed.lens;

import java.util.Locale;

/// The colours of attention weights: one hue from the paper's colour to the ink's.
///
/// Lightness falls (on a dark page: rises) in equal steps of OKLab, a space in which equal distances look
/// equal (Björn Ottosson, "A perceptual color space for image processing", 2020). Because lightness alone
/// carries the value, the ramp reads the same with every kind of colour vision, and in print without colour.
/// Rainbow ramps, which people read as groups that are not there, are avoided on purpose.
///
/// @param from lightness at weight 0
/// @param to lightness at the highest weight
record Ramp(double from, double to) {
    /// For light pages: nearly white to dark blue.
    static final Ramp LIGHT = new Ramp(0.985, 0.30);

    /// For dark pages: the page's dark grey to a pale blue.
    static final Ramp DARK = new Ramp(0.25, 0.93);

    private static final double HUE = Math.toRadians(258);
    private static final double MOST_CHROMA = 0.155;

    /// The colour as `0xRRGGBB`.
    ///
    /// @param share from 0 to 1
    int rgb(double share) {
        double t = Math.clamp(share, 0, 1);
        double lightness = lightness(t);
        // Colour is strongest in the middle, where screens can show most of it; the ends stay close to grey.
        double chroma = 0.006 + MOST_CHROMA * Math.sin(Math.PI * (0.82 * t));
        double least = 0;
        double most = chroma;
        if (!isDisplayable(linear(lightness, most))) {
            for (int step = 0; step < 20; step++) {
                double middle = (least + most) / 2;
                if (isDisplayable(linear(lightness, middle))) {
                    least = middle;
                } else {
                    most = middle;
                }
            }
            chroma = least;
        }
        int rgb = 0;
        for (double channel : linear(lightness, chroma)) {
            rgb = (rgb << 8) | (int) Math.round(255 * Math.clamp(gamma(channel), 0, 1));
        }
        return rgb;
    }

    double lightness(double share) {
        return from + (to - from) * Math.clamp(share, 0, 1);
    }

    /// The grey of this lightness, from 0 to 255.
    static int greyOf(double lightness) {
        return (int) Math.round(255 * gamma(lightness * lightness * lightness));
    }

    /// The colour as `#rrggbb`.
    String hex(double share) {
        return String.format(Locale.ROOT, "#%06x", rgb(share));
    }

    /// Whether black is easier to read on this colour than white. At a luminance of 0.179 both have the same
    /// contrast as WCAG 2 defines it, 4.58 : 1, so that the better one is never below the 4.5 that it asks for.
    boolean wantsBlackText(double share) {
        int rgb = rgb(share);
        double red = channel(rgb >> 16);
        double green = channel(rgb >> 8);
        double blue = channel(rgb);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179;
    }

    private static double channel(int value) {
        double share = (value & 0xFF) / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }

    /// Ottosson's matrices: OKLab to cone responses, cubed, to linear sRGB.
    private static double[] linear(double lightness, double chroma) {
        double a = chroma * Math.cos(HUE);
        double b = chroma * Math.sin(HUE);
        double l = Math.pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
        double m = Math.pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
        double s = Math.pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
        return new double[] {
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
        };
    }

    private static boolean isDisplayable(double[] linear) {
        for (double channel : linear) {
            if (channel < 0 || channel > 1) {
                return false;
            }
        }
        return true;
    }

    private static double gamma(double linear) {
        return linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
    }
}
