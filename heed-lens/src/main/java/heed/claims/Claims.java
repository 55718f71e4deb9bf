package heed.claims;

import java.util.List;
import java.util.stream.Collectors;

/// All claims that can be measured.
public final class Claims {
    private static final List<Claim> ALL = List.of(
            new Order(),
            new Masks(true),
            new Scale(),
            new Senses(),
            new Parallel(),
            new Quadratic(),
            new ThreeMatrices(),
            new Bottleneck(),
            new Distance());

    private Claims() {}

    public static List<Claim> all() {
        return ALL;
    }

    /// @throws IllegalArgumentException when there is no such claim
    public static Claim named(String name) {
        return ALL.stream()
                .filter(claim -> claim.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no claim '" + name + "'; there are "
                        + ALL.stream().map(Claim::name).collect(Collectors.joining(", "))));
    }
}
