package heed.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Claims that can be measured, each with a name of its own.
public record Claims(List<Claim> all) {
    public Claims {
        all = List.copyOf(all);
    }

    /// What lectures claim, as far as it can be measured without serving it.
    public static Claims ofLectures() {
        return new Claims(List.of(
                new Order(),
                new Masks(true),
                new Scale(),
                new Senses(),
                new ThreeMatrices(),
                new Parallel(),
                new Quadratic(),
                new Bottleneck(),
                new Distance(),
                new Scaling(),
                new Transfer(),
                new Patches(),
                new HeadRoles(),
                new Layers()));
    }

    /// These and another one.
    public Claims and(Claim other) {
        List<Claim> more = new ArrayList<>(all);
        more.add(other);
        return new Claims(more);
    }

    /// @throws IllegalArgumentException when there is no such claim
    public Claim named(String name) {
        return all.stream()
                .filter(claim -> claim.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no claim '" + name + "'; there are "
                        + all.stream().map(Claim::name).collect(Collectors.joining(", "))));
    }
}
