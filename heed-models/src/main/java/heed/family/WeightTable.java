package heed.family;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.CheckpointException;
import heed.hub.Spelling;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which tensor of a checkpoint fills which parameter of a model: data that a family declares, one row a
/// parameter.
///
/// [#bind] proves that checkpoint and model match one to one: every parameter is filled once, every tensor is
/// used or knowingly left aside, every shape is equal. All misfits are reported at once.
final class WeightTable {
    private static final int MOST_MISFITS_SHOWN = 12;

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<Ignored> ignored = new ArrayList<>();

    /// @param path the parameter in our model, such as `layers.3.attention.wQ.weight`
    /// @param source where its values come from
    /// @param group rows of a group that is not required are filled all or none
    private record Row(String path, Source source, Shape shape, String group, boolean required) {}

    /// Where the values of a parameter come from. Names are in canonical spelling.
    sealed interface Source {
        String name();

        /// A tensor of its own.
        record One(String name) implements Source {}

        /// Some rows of a tensor that holds several parameters: of every `period` rows, those from `from` to
        /// `to`. Query, key and value one behind the other have one period; side by side for each head, as
        /// many as there are heads.
        record Slice(String name, int from, int to, int period) implements Source {}

        /// The first of several tensors that the checkpoint has: one that is tied to another is in the file
        /// once or twice, under any of the names, as whoever wrote it saw fit.
        record Tied(List<String> names) implements Source {
            public Tied {
                names = List.copyOf(names);
            }

            @Override
            public String name() {
                return names.getFirst();
            }

            /// The name in a checkpoint that begins: the last, which is where the numbers are at home.
            String home() {
                return names.getLast();
            }

            /// The same as a source by itself.
            One present(Set<String> candidates) {
                return new One(
                        names.stream().filter(candidates::contains).findFirst().orElse(name()));
            }
        }
    }

    private record Ignored(Pattern names, String reason) {}

    /// Declares a linear map: `path.weight` `[out, in]` and `path.bias` `[out]`.
    WeightTable linear(String path, String name, int out, int in) {
        return row(path + ".weight", name + ".weight", out, in).row(path + ".bias", name + ".bias", out);
    }

    /// Declares a layer norm: `path.weight` `[d]` and `path.bias` `[d]`.
    WeightTable norm(String path, String name, int d) {
        return row(path + ".weight", name + ".weight", d).row(path + ".bias", name + ".bias", d);
    }

    /// Declares that the tensor `name` fills the parameter `path`.
    WeightTable row(String path, String name, int... shape) {
        return add(new Row(path, new Source.One(name), Shape.of(shape), "", true));
    }

    /// Declares that `part` of `parts` equal parts of the tensor `name` fills the parameter `path`.
    ///
    /// @param periods how often the parts alternate along the rows: 1 when each is in one piece
    /// @param shape of the parameter, not of the whole tensor
    WeightTable slice(String path, String name, int part, int parts, int periods, int... shape) {
        int rows = shape[0] / periods; // of one part in one period
        Source source = new Source.Slice(name, part * rows, (part + 1) * rows, parts * rows);
        return add(new Row(path, source, Shape.of(shape), "", true));
    }

    /// Declares that the first of several tensors that the checkpoint has fills the parameter `path`. The
    /// others need not be there.
    WeightTable tied(String path, List<String> names, int... shape) {
        return add(new Row(path, new Source.Tied(names), Shape.of(shape), "", true));
    }

    /// Declares a row of a group of parameters that the checkpoint may have or lack as a whole.
    WeightTable optional(String group, String path, String name, int... shape) {
        return add(new Row(path, new Source.One(name), Shape.of(shape), group, false));
    }

    /// Declares the weight `[out, in]` of a linear map and, if it has one, the bias `[out]`.
    WeightTable linear(String path, String name, boolean bias, int out, int in) {
        row(path + ".weight", name + ".weight", out, in);
        return bias ? row(path + ".bias", name + ".bias", out) : this;
    }

    /// Declares tensors that are left aside, and why.
    WeightTable ignore(String names, String reason) {
        ignored.add(new Ignored(Pattern.compile(names), reason));
        return this;
    }

    private WeightTable add(Row row) {
        if (rows.put(row.path, row) != null) {
            throw new IllegalStateException("the weight table has two rows for " + row.path);
        }
        return this;
    }

    /// Matches the table with a checkpoint.
    ///
    /// @throws CheckpointException naming every parameter that is missing, every tensor that is left over, and
    /// every shape that differs
    Parameters bind(ParameterSource from, Naming naming) {
        Checkpoint checkpoint = from.checkpoint();
        List<String> misfits = new ArrayList<>();
        Map<String, String> byCanonical = new HashMap<>();
        for (String name : checkpoint.tensors().keySet()) {
            String canonical = naming.canonical(name);
            String other = byCanonical.putIfAbsent(canonical, name);
            if (other != null) {
                misfits.add("'" + other + "' and '" + name + "' are the same tensor under two names");
            }
        }
        Set<String> groups = presentGroups(byCanonical.keySet());
        Map<String, Parameters.Filled> filled = new LinkedHashMap<>();
        Map<String, Tensor> drawn = new HashMap<>();
        Set<String> body = body();
        Set<String> used = new LinkedHashSet<>();
        for (Row row : rows.values()) {
            if (!row.required && !groups.contains(row.group)) {
                continue;
            }
            Source source = row.source instanceof Source.Tied tied ? tied.present(byCanonical.keySet()) : row.source;
            String canonical = source.name();
            String name = byCanonical.get(canonical);
            Shape whole = whole(row);
            Shape expected = name != null && naming.transposed(name) ? reversed(whole) : whole;
            Tensor begun = name != null && shape(name, checkpoint).equals(expected) ? null : drawn(row, from, drawn);
            if (begun != null) {
                String home = row.source instanceof Source.Tied tied ? tied.home() : canonical;
                filled.put(
                        row.path,
                        new Parameters.Filled(home, stored(home, naming, body), source, row.shape, whole, begun));
                continue;
            }
            if (name == null) {
                if (used.add(canonical)) { // the parts of a tensor miss it together
                    misfits.add("missing '" + canonical + "' " + whole
                            + nearest(canonical, byCanonical.keySet(), checkpoint));
                }
                continue;
            }
            boolean first = used.add(canonical) || row.source instanceof Source.Tied;
            if (row.source instanceof Source.Tied tied) {
                used.addAll(tied.names);
            }
            if (first && !shape(name, checkpoint).equals(expected)) {
                misfits.add("'" + name + "' has shape " + shape(name, checkpoint) + ", config.json says " + expected);
            } else if (first && !checkpoint.tensor(name).dtype().floating()) {
                misfits.add("'" + name + "' holds " + checkpoint.tensor(name).dtype()
                        + ", a parameter is a floating-point number");
            }
            filled.put(
                    row.path,
                    new Parameters.Filled(name, stored(canonical, naming, body), source, row.shape, whole, null));
        }
        for (Map.Entry<String, String> entry : byCanonical.entrySet()) {
            if (!used.contains(entry.getKey())
                    && from instanceof ParameterSource.Frozen
                    && ignored.stream()
                            .noneMatch(i -> i.names.matcher(entry.getKey()).matches())) {
                misfits.add("unexpected '" + entry.getValue() + "'");
            }
        }
        if (!misfits.isEmpty()) {
            throw new CheckpointException(describe(checkpoint, misfits));
        }
        return new Parameters(from, naming, filled);
    }

    /// First values for a row whose tensor is missing, the same for all rows that are tied; null if there are
    /// none.
    private static @Nullable Tensor drawn(Row row, ParameterSource from, Map<String, Tensor> drawn) {
        String key = switch (row.source) {
            case Source.One one -> one.name;
            case Source.Tied tied -> tied.home();
            case Source.Slice _ -> row.path;
        };
        Tensor known = drawn.get(key);
        if (known != null && known.shape().equals(row.shape)) {
            return known;
        }
        Tensor begun = from.draw(row.path, row.shape).orElse(null);
        if (begun != null) {
            drawn.put(key, begun);
        }
        return begun;
    }

    /// The tensors of the network below the head. Inside a model with a head, Hugging Face puts the name of the
    /// network before theirs.
    private Set<String> body() {
        Set<String> names = new HashSet<>();
        boolean headed = false;
        for (Row row : rows.values()) {
            if (row.path.startsWith("head.")) {
                headed = true;
            } else if (row.source instanceof Source.Tied tied) {
                names.addAll(tied.names);
            } else {
                names.add(row.source.name());
            }
        }
        return headed ? names : Set.of();
    }

    private static String stored(String canonical, Naming naming, Set<String> body) {
        return body.contains(canonical) ? naming.prefixed(canonical) : canonical;
    }

    private Set<String> presentGroups(Set<String> names) {
        Set<String> groups = new LinkedHashSet<>();
        for (Row row : rows.values()) {
            if (!row.required && names.contains(row.source.name())) {
                groups.add(row.group);
            }
        }
        return groups;
    }

    /// The shape of the tensor that a row's values are a part of.
    private static Shape whole(Row row) {
        return switch (row.source) {
            case Source.One _, Source.Tied _ -> row.shape;
            case Source.Slice slice -> {
                int[] sizes = row.shape.toArray();
                sizes[0] = sizes[0] / (slice.to - slice.from) * slice.period;
                yield Shape.of(sizes);
            }
        };
    }

    private static Shape shape(String name, Checkpoint checkpoint) {
        return Shape.of(checkpoint.tensor(name).shape().stream()
                .mapToInt(Integer::intValue)
                .toArray());
    }

    private static Shape reversed(Shape shape) {
        return shape.rank() == 2 ? Shape.of(shape.size(1), shape.size(0)) : shape;
    }

    private static String nearest(String name, Set<String> candidates, Checkpoint checkpoint) {
        if (checkpoint.tensors().isEmpty()) {
            return "";
        }
        return Spelling.nearest(name, candidates, Math.max(3, name.length() / 3))
                .map(best -> " (nearest is '" + best + "')")
                .orElse("");
    }

    private static String describe(Checkpoint checkpoint, List<String> misfits) {
        int shown = Math.min(MOST_MISFITS_SHOWN, misfits.size());
        String rest = misfits.size() > shown ? "; and " + (misfits.size() - shown) + " more" : "";
        return checkpoint.description() + " does not fit its config.json: "
                + String.join("; ", misfits.subList(0, shown)) + rest;
    }
}
