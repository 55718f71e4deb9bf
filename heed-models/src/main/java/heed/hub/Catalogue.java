package heed.hub;

import heed.hub.CatalogueEntry.Embedding;
import heed.hub.CatalogueEntry.Pooling;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The models that have a short name, read from `catalogue.json` beside this class.
record Catalogue(List<Listing> listings) {

    /// An entry with what is needed to complete an artifact that brings weights but no description of them.
    ///
    /// @param sha256 the digest of the artifact in exactly this version, where it is pinned
    /// @param config the content of `config.json`
    /// @param tokenizer the content of `tokenizer_config.json`
    record Listing(
            CatalogueEntry entry,
            MavenCoordinates coordinates,
            Optional<String> sha256,
            JsonNode config,
            JsonNode tokenizer) {}

    static Catalogue standard() {
        try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.json")) {
            if (in == null) {
                throw new IllegalStateException("catalogue.json is missing beside " + Catalogue.class.getName());
            }
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Catalogue read(InputStream json) {
        List<Listing> listings = new ArrayList<>();
        JsonMapper.shared().readTree(json).required("models").forEach(model -> listings.add(listing(model)));
        return new Catalogue(List.copyOf(listings));
    }

    private static Listing listing(JsonNode model) {
        var entry = new CatalogueEntry(
                text(model, "alias"),
                text(model, "reference"),
                text(model, "description"),
                text(model, "licence"),
                model.required("downloadBytes").asLong(),
                model.required("parameters").asLong(),
                model.optional("embedding").map(Catalogue::embedding));
        return new Listing(
                entry,
                MavenCoordinates.parse(entry.reference()),
                model.optional("sha256").map(JsonNode::asString),
                model.required("config"),
                model.required("tokenizer"));
    }

    private static Embedding embedding(JsonNode node) {
        Map<String, String> prompts = new LinkedHashMap<>();
        node.path("prompts").forEachEntry((role, prompt) -> prompts.put(role, prompt.asString()));
        return new Embedding(
                Pooling.valueOf(text(node, "pooling").toUpperCase(Locale.ROOT)),
                node.required("normalize").asBoolean(),
                node.required("maxTokens").asInt(),
                Map.copyOf(prompts));
    }

    private static String text(JsonNode node, String key) {
        return node.required(key).asString();
    }

    List<CatalogueEntry> entries() {
        return listings.stream().map(Listing::entry).toList();
    }

    Optional<Listing> byAlias(String alias) {
        return listings.stream()
                .filter(listing -> listing.entry().alias().equals(alias))
                .findFirst();
    }

    /// What is known of an artifact, in whichever version.
    Optional<Listing> byArtifact(MavenCoordinates coordinates) {
        return listings.stream()
                .filter(listing -> listing.coordinates().sameArtifact(coordinates))
                .findFirst();
    }

    /// For someone who asked for a name that is not here: the nearest one, if any is near, and all there are.
    ///
    /// @param others names that are known besides
    HubException unknown(String name, List<String> others) {
        String known = Stream.concat(
                        listings.stream().map(listing -> listing.entry().alias()), others.stream())
                .collect(Collectors.joining(", "));
        String suggestion = nearest(name)
                .map(alias -> "did you mean %s? Known".formatted(alias))
                .orElse("known");
        return new HubException(
                "no model named '%s'; %s: %s; or give a folder, hf:org/name or maven:group:artifact:version"
                        .formatted(name, suggestion, known));
    }

    private Optional<String> nearest(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        int near = Math.max(1, Math.min(name.length(), 12) / 3);
        return listings.stream()
                .map(listing -> listing.entry().alias())
                .filter(alias -> Spelling.distance(wanted, alias, near + 1) <= near
                        || (wanted.length() > 2 && alias.startsWith(wanted)))
                .min(Comparator.comparingInt(alias -> Spelling.distance(wanted, alias, Integer.MAX_VALUE)));
    }
}
