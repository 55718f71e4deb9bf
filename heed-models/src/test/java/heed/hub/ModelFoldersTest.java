package heed.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFoldersTest {
    @TempDir
    private Path root;

    private Path model(String name) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name));
        Files.writeString(folder.resolve("config.json"), "{}");
        return folder;
    }

    @Test
    void aModelIsFoundByTheNameOfItsFolder() throws IOException {
        Path own = model("own/en-kn");
        model("shipped/en-kn");
        Path other = model("shipped/other");
        Files.createDirectories(root.resolve("shipped/empty"));
        ModelFolders folders =
                new ModelFolders(List.of(root.resolve("own"), root.resolve("missing"), root.resolve("shipped")));
        assertThat(folders.names()).containsExactly("en-kn", "other");
        assertThat(folders.named("en-kn")).contains(own);
        assertThat(folders.named("other")).contains(other);
        assertThat(folders.named("empty")).isEmpty();
        assertThat(folders.named("../own/en-kn")).isEmpty();
        assertThat(folders.named("..")).isEmpty();
        assertThat(folders.named("")).isEmpty();
    }

    @Test
    void whoAsksForAnUnknownNameIsToldTheseToo() {
        assertThat(Catalogue.standard().unknown("nothing-like-it", List.of("en-kn")))
                .hasMessageContaining("minilm")
                .hasMessageContaining("en-kn");
    }
}
