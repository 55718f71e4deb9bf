package heed.hub;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Folders full of models, each in a folder whose name it has: those that lie beside the program, and a user's
/// own.
///
/// @param folders in the order in which they are searched
record ModelFolders(List<Path> folders) {
    /// The folders that the environment's `HEED_MODELS` names, then those of the property `heed.models`, with
    /// the system's separator of paths between them.
    static ModelFolders standard() {
        return new ModelFolders(Stream.of(System.getenv("HEED_MODELS"), System.getProperty("heed.models"))
                .filter(said -> said != null && !said.isBlank())
                .flatMap(said -> Arrays.stream(said.split(File.pathSeparator)))
                .filter(path -> !path.isBlank())
                .map(path -> Path.of(path).toAbsolutePath())
                .toList());
    }

    /// The folder of the model with this name.
    Optional<Path> named(String name) {
        if (!name.matches("[\\w][\\w.-]*")) {
            return Optional.empty(); // a path is no name
        }
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(ModelFolders::isModel)
                .findFirst();
    }

    /// All names, sorted.
    List<String> names() {
        return folders.stream()
                .filter(Files::isDirectory)
                .flatMap(ModelFolders::models)
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> models(Path folder) {
        try (Stream<Path> found = Files.list(folder)) {
            return found
                    .filter(ModelFolders::isModel)
                    .map(path -> path.getFileName().toString())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new HubException("the folder %s cannot be read (%s)".formatted(folder, HubException.reason(e)), e);
        }
    }

    private static boolean isModel(Path folder) {
        return Files.isRegularFile(folder.resolve("config.json"));
    }
}
