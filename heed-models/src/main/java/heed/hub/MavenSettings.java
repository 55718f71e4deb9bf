package heed.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.maven.settings.Profile;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.eclipse.aether.repository.Authentication;
import org.eclipse.aether.repository.Proxy;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.util.repository.AuthenticationBuilder;
import org.eclipse.aether.util.repository.DefaultAuthenticationSelector;
import org.eclipse.aether.util.repository.DefaultMirrorSelector;
import org.eclipse.aether.util.repository.DefaultProxySelector;
import org.jspecify.annotations.Nullable;

/// What the user's `settings.xml` says about fetching: where the local repository is, which repositories are
/// asked and through which mirrors and proxies, who we are there, and whether the network may be used at all.
/// Passwords are taken as they stand: encrypted ones are not decrypted.
record MavenSettings(
        Path localRepository,
        boolean offline,
        List<RemoteRepository> repositories,
        DefaultMirrorSelector mirrors,
        DefaultProxySelector proxies,
        DefaultAuthenticationSelector authentications) {

    private static final String MAVEN_CENTRAL = "https://repo.maven.apache.org/maven2/";

    static MavenSettings read(SettingsFiles files) {
        Settings settings = parsed(files);
        Path local = files.localRepository()
                .or(() -> Optional.ofNullable(settings.getLocalRepository()).map(Path::of))
                .orElseGet(() -> SettingsFiles.userFolder().resolve("repository"));
        return new MavenSettings(
                local,
                settings.isOffline(),
                repositories(settings),
                mirrors(settings),
                proxies(settings),
                authentications(settings));
    }

    private static Settings parsed(SettingsFiles files) {
        var system = new Properties(); // ${env.NAME} and ${user.home} may be used in settings
        system.putAll(System.getProperties());
        System.getenv().forEach((name, value) -> system.setProperty("env." + name, value));
        var request = new DefaultSettingsBuildingRequest();
        request.setSystemProperties(system);
        if (Files.isRegularFile(files.user())) {
            request.setUserSettingsFile(files.user().toFile());
        }
        files.installation()
                .filter(Files::isRegularFile)
                .ifPresent(file -> request.setGlobalSettingsFile(file.toFile()));
        try {
            return new DefaultSettingsBuilderFactory()
                    .newInstance()
                    .build(request)
                    .getEffectiveSettings();
        } catch (SettingsBuildingException e) {
            String problem =
                    e.getProblems().isEmpty() ? "" : ": " + e.getProblems().getFirst();
            throw new HubException(
                    ("Maven's settings cannot be read" + problem)
                            .lines()
                            .findFirst()
                            .orElseThrow(),
                    e);
        }
    }

    /// Those of the active profiles, then Maven Central.
    private static List<RemoteRepository> repositories(Settings settings) {
        List<RemoteRepository> repositories = new ArrayList<>();
        for (Profile profile : settings.getProfiles()) {
            boolean active = settings.getActiveProfiles().contains(profile.getId())
                    || (profile.getActivation() != null
                            && profile.getActivation().isActiveByDefault());
            if (active) {
                profile.getRepositories()
                        .forEach(repository -> repositories.add(
                                new RemoteRepository.Builder(repository.getId(), "default", repository.getUrl())
                                        .build()));
            }
        }
        if (repositories.stream().noneMatch(repository -> repository.getId().equals("central"))) {
            repositories.add(new RemoteRepository.Builder("central", "default", MAVEN_CENTRAL).build());
        }
        return List.copyOf(repositories);
    }

    private static DefaultMirrorSelector mirrors(Settings settings) {
        var selector = new DefaultMirrorSelector();
        settings.getMirrors()
                .forEach(mirror -> selector.add(
                        mirror.getId(),
                        mirror.getUrl(),
                        mirror.getLayout(),
                        false,
                        mirror.isBlocked(),
                        mirror.getMirrorOf(),
                        mirror.getMirrorOfLayouts()));
        return selector;
    }

    private static DefaultProxySelector proxies(Settings settings) {
        var selector = new DefaultProxySelector();
        settings.getProxies().stream()
                .filter(org.apache.maven.settings.Proxy::isActive)
                .forEach(proxy -> selector.add(
                        new Proxy(
                                proxy.getProtocol(),
                                proxy.getHost(),
                                proxy.getPort(),
                                authentication(proxy.getUsername(), proxy.getPassword())),
                        proxy.getNonProxyHosts()));
        return selector;
    }

    private static DefaultAuthenticationSelector authentications(Settings settings) {
        var selector = new DefaultAuthenticationSelector();
        for (Server server : settings.getServers()) {
            selector.add(server.getId(), authentication(server.getUsername(), server.getPassword()));
        }
        return selector;
    }

    private static @Nullable Authentication authentication(@Nullable String user, @Nullable String password) {
        if (user == null) {
            return null;
        }
        return new AuthenticationBuilder()
                .addUsername(user)
                .addPassword(password)
                .build();
    }
}
