package heed.recipe;

import heed.hub.Progress;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a text to be learned comes from.
public sealed interface TextSource {
    /// The whole text.
    ///
    /// @throws RecipeException when it cannot be had or is empty
    String load(Progress progress);

    /// @param folder of the recipe, which relative names start from
    static TextSource read(Section section, @Nullable Path folder) {
        if (section.has("npm")) {
            return new OfPackage(NpmPackage.parse(section.text("npm", null)), section.text("files", null));
        }
        String name = section.text("file", null);
        return new OfFile(folder == null ? Path.of(name) : folder.resolve(name));
    }

    /// A file in UTF-8.
    record OfFile(Path file) implements TextSource {
        @Override
        public String load(Progress progress) {
            try {
                return requireText(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
            } catch (CharacterCodingException e) {
                throw new RecipeException("the text " + file + " is not UTF-8", e);
            } catch (IOException e) {
                throw new RecipeException(
                        "cannot read the text " + file + ": "
                                + (Files.exists(file) ? e.getMessage() : "there is no such file"),
                        e);
            }
        }
    }

    /// Files of an npm package, one after the other in the order of the numbers in their names.
    ///
    /// @param files a name in which `*` stands for any characters, such as `data/chapter_*.txt`
    record OfPackage(NpmPackage origin, String files) implements TextSource {
        @Override
        public String load(Progress progress) {
            return requireText(origin + ", " + files, origin.text(files, progress));
        }
    }

    private static String requireText(String what, String text) {
        if (text.isBlank()) {
            throw new RecipeException("the text " + what + " is empty");
        }
        return text;
    }
}
