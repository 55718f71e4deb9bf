package heed.hub;

import java.nio.file.Path;
import java.util.Optional;

/// Where Maven's settings are looked for; files that do not exist count as empty. Apart from [MavenSettings],
/// so that a model from the cache loads no class of Maven's.
///
/// @param user the user's own settings, usually `~/.m2/settings.xml`
/// @param installation the settings of the Maven installation, which the user's override
/// @param localRepository overrides what the settings say, when given
record SettingsFiles(Path user, Optional<Path> installation, Optional<Path> localRepository) {
    static SettingsFiles standard() {
        String home = Optional.ofNullable(System.getenv("MAVEN_HOME")).orElse(System.getenv("M2_HOME"));
        return new SettingsFiles(
                userFolder().resolve("settings.xml"),
                Optional.ofNullable(home).map(folder -> Path.of(folder, "conf", "settings.xml")),
                Optional.ofNullable(System.getProperty("maven.repo.local")).map(Path::of));
    }

    static Path userFolder() {
        return Path.of(System.getProperty("user.home"), ".m2");
    }
}
