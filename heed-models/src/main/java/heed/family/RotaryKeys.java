package heed.family;

import heed.position.Rotary;
import heed.position.RotaryScaling;

/// Reads rotary positions from `config.json`, in either of the two ways in which they are written: a base of
/// its own beside `rope_scaling`, or everything in `rope_parameters` (transformers 5).
///
/// @param part the share of a head's columns that is turned
/// @param positions `max_position_embeddings`
record RotaryKeys(ConfigFile file, double base, double part, RotaryScaling scaling, int positions) {
    /// @param baseKey the older key of the base, such as `rope_theta`
    /// @param partKey the key of the share of columns
    static RotaryKeys of(ConfigFile file, String baseKey, String partKey, double part) {
        int positions = file.positive("max_position_embeddings");
        ConfigFile rope = file.section(file.filled("rope_scaling") ? "rope_scaling" : "rope_parameters");
        double base = rope.number("rope_theta", file.number(baseKey, 10_000));
        if (!(base > 1)) {
            throw file.refuse("a rotary base of " + base + " turns nothing, it should be more than 1");
        }
        double share = rope.number("partial_rotary_factor", file.number(partKey, part));
        return new RotaryKeys(file, base, share, scaling(rope, trained(file, rope, positions), positions), positions);
    }

    private static RotaryScaling scaling(ConfigFile rope, int trained, int positions) {
        String type = rope.text("rope_type", rope.text("type", "default"));
        return switch (type) {
            case "default" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(factor(rope));
            case "dynamic" -> new RotaryScaling.Dynamic(factor(rope), positions);
            case "llama3" -> llama3(rope, trained);
            case "longrope" -> longRope(rope, trained, positions);
            case "yarn" -> yarn(rope, trained, positions);
            default ->
                throw rope.refuse("rotary positions of type '" + type
                        + "' are not supported; supported: default, linear, dynamic, llama3, longrope,"
                        + " yarn");
        };
    }

    private static double factor(ConfigFile rope) {
        double factor = rope.number("factor");
        if (!(factor >= 1)) {
            throw rope.refuse("factor should be at least 1, it is " + factor);
        }
        return factor;
    }

    private static RotaryScaling llama3(ConfigFile rope, int trained) {
        double low = rope.number("low_freq_factor");
        double high = rope.number("high_freq_factor");
        if (!(low > 0 && high > low)) {
            throw rope.refuse("high_freq_factor should be more than low_freq_factor, they are " + high + " and " + low);
        }
        return new RotaryScaling.Llama3(factor(rope), low, high, trained);
    }

    private static RotaryScaling longRope(ConfigFile rope, int trained, int positions) {
        double factor = rope.number("factor", (double) positions / trained);
        double attention = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trained));
        return new RotaryScaling.LongRope(
                rope.numbers("short_factor"),
                rope.numbers("long_factor"),
                trained,
                rope.number("attention_factor", attention));
    }

    private static RotaryScaling yarn(ConfigFile rope, int trained, int positions) {
        double factor = rope.has("factor") ? factor(rope) : (double) positions / trained;
        double mscale = rope.number("mscale", 0);
        double mscaleAll = rope.number("mscale_all_dim", 0);
        double attention = mscale != 0 && mscaleAll != 0
                ? stretch(factor, mscale) / stretch(factor, mscaleAll)
                : stretch(factor, 1);
        return new RotaryScaling.Yarn(
                factor,
                orIfZero(rope.number("beta_fast", 0), 32),
                orIfZero(rope.number("beta_slow", 0), 1),
                trained,
                rope.flag("truncate", true),
                rope.number("attention_factor", attention));
    }

    private static double orIfZero(double number, double otherwise) {
        return number == 0 ? otherwise : number;
    }

    /// How much longer queries and keys should be for scores to stay as sharp (Peng et al. 2023, §3.4).
    private static double stretch(double factor, double mscale) {
        return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
    }

    /// The positions of the first training; some files say it beside the scaling and not in it.
    private static int trained(ConfigFile file, ConfigFile rope, int positions) {
        String key = "original_max_position_embeddings";
        return file.has(key) ? file.positive(key) : rope.has(key) ? rope.positive(key) : positions;
    }

    /// @param dHead Dh
    Rotary rotary(int dHead) {
        int width = (int) (dHead * part);
        if (width < 1 || width + width % 2 > dHead) {
            throw file.refuse("rotary positions cannot turn " + width + " columns of heads of width " + dHead);
        }
        try {
            return new Rotary(width, base, false, scaling);
        } catch (IllegalArgumentException e) {
            throw file.refuse("rotary positions: " + e.getMessage());
        }
    }

    /// Dynamic scaling is there for texts of any length; otherwise what the model was made for.
    int maxTokens() {
        return scaling instanceof RotaryScaling.Dynamic ? Integer.MAX_VALUE : positions;
    }
}
