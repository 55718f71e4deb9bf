package heed.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.SyncContext;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.connector.basic.BasicRepositoryConnectorFactory;
import org.eclipse.aether.impl.UpdateCheck;
import org.eclipse.aether.impl.UpdateCheckManager;
import org.eclipse.aether.impl.VersionResolver;
import org.eclipse.aether.internal.impl.DefaultArtifactPredicateFactory;
import org.eclipse.aether.internal.impl.DefaultArtifactResolver;
import org.eclipse.aether.internal.impl.DefaultChecksumPolicyProvider;
import org.eclipse.aether.internal.impl.DefaultChecksumProcessor;
import org.eclipse.aether.internal.impl.DefaultOfflineController;
import org.eclipse.aether.internal.impl.DefaultPathProcessor;
import org.eclipse.aether.internal.impl.DefaultRemoteRepositoryManager;
import org.eclipse.aether.internal.impl.DefaultRepositoryConnectorProvider;
import org.eclipse.aether.internal.impl.DefaultRepositoryEventDispatcher;
import org.eclipse.aether.internal.impl.DefaultRepositoryLayoutProvider;
import org.eclipse.aether.internal.impl.DefaultTransporterProvider;
import org.eclipse.aether.internal.impl.DefaultUpdatePolicyAnalyzer;
import org.eclipse.aether.internal.impl.Maven2RepositoryLayoutFactory;
import org.eclipse.aether.internal.impl.SimpleLocalRepositoryManagerFactory;
import org.eclipse.aether.internal.impl.checksum.DefaultChecksumAlgorithmFactorySelector;
import org.eclipse.aether.internal.impl.checksum.Md5ChecksumAlgorithmFactory;
import org.eclipse.aether.internal.impl.checksum.Sha1ChecksumAlgorithmFactory;
import org.eclipse.aether.internal.impl.filter.DefaultRemoteRepositoryFilterManager;
import org.eclipse.aether.internal.impl.transport.http.DefaultChecksumExtractor;
import org.eclipse.aether.metadata.Metadata;
import org.eclipse.aether.repository.LocalRepository;
import org.eclipse.aether.repository.LocalRepositoryManager;
import org.eclipse.aether.repository.NoLocalRepositoryManagerException;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.VersionResult;
import org.eclipse.aether.spi.connector.transport.http.HttpTransporterException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.ArtifactTransferException;
import org.eclipse.aether.transfer.ChecksumFailureException;
import org.eclipse.aether.transfer.MetadataTransferException;
import org.eclipse.aether.transfer.TransferEvent;
import org.eclipse.aether.transport.file.FileTransporterFactory;
import org.eclipse.aether.transport.jdk.JdkTransporterFactory;
import org.eclipse.aether.util.repository.SimpleResolutionErrorPolicy;
import org.jspecify.annotations.Nullable;

/// Single artifacts out of Maven repositories, by way of the local one, as Maven itself would fetch them.
///
/// Maven Resolver offers a ready-made assembly of its parts (`maven-resolver-supplier`); it brings Maven's
/// model builder along, whose jars share packages and so cannot stand on a module path. A model is one jar of a
/// fixed version without dependencies: no POM is read and no version looked up, so the few parts that are
/// needed are put together here.
final class MavenArtifacts {
    private final MavenSettings settings;
    private final DefaultRemoteRepositoryManager repositories;
    private final DefaultArtifactResolver resolver;

    MavenArtifacts(MavenSettings settings) {
        this.settings = settings;
        var paths = new DefaultPathProcessor();
        var checksumPolicies = new DefaultChecksumPolicyProvider();
        var checksums = new DefaultChecksumAlgorithmFactorySelector(Map.of(
                Sha1ChecksumAlgorithmFactory.NAME, new Sha1ChecksumAlgorithmFactory(),
                Md5ChecksumAlgorithmFactory.NAME, new Md5ChecksumAlgorithmFactory()));
        var layouts = new DefaultRepositoryLayoutProvider(Map.of(
                Maven2RepositoryLayoutFactory.NAME,
                new Maven2RepositoryLayoutFactory(checksums, new DefaultArtifactPredicateFactory(checksums))));
        var transports = new DefaultTransporterProvider(Map.of(
                FileTransporterFactory.NAME,
                new FileTransporterFactory(),
                JdkTransporterFactory.NAME,
                new JdkTransporterFactory(new DefaultChecksumExtractor(Map.of()), paths)));
        var connectors = new DefaultRepositoryConnectorProvider(
                Map.of(
                        BasicRepositoryConnectorFactory.NAME,
                        new BasicRepositoryConnectorFactory(
                                transports, layouts, checksumPolicies, new DefaultChecksumProcessor(paths), Map.of())),
                Map.of());
        VersionResolver asAsked = (_, request) ->
                new VersionResult(request).setVersion(request.getArtifact().getVersion());
        this.repositories = new DefaultRemoteRepositoryManager(new DefaultUpdatePolicyAnalyzer(), checksumPolicies);
        this.resolver = new DefaultArtifactResolver(
                paths,
                new DefaultRepositoryEventDispatcher(Map.of()),
                asAsked,
                new AskAlways(),
                connectors,
                repositories,
                (_, _) -> new NoLock(),
                new DefaultOfflineController(),
                Map.of(),
                new DefaultRemoteRepositoryFilterManager(Map.of()));
    }

    Path localRepository() {
        return settings.localRepository();
    }

    /// Where the jar lies in the local repository, or will lie when it is fetched.
    Path localPath(MavenCoordinates coordinates) {
        return settings.localRepository()
                .resolve(coordinates.group().replace('.', '/'))
                .resolve(coordinates.artifact())
                .resolve(coordinates.version())
                .resolve(coordinates.artifact() + "-" + coordinates.version() + ".jar");
    }

    /// The jar, fetched into the local repository if it is not there yet, its checksum compared with the
    /// published.
    ///
    /// @param name what to call the model in messages
    Path resolve(MavenCoordinates coordinates, String name, Progress progress) {
        List<Runnable> endings = new ArrayList<>();
        try {
            RepositorySystemSession session = session(endings, name, progress);
            List<RemoteRepository> remotes =
                    repositories.aggregateRepositories(session, List.of(), settings.repositories(), true);
            var artifact =
                    new DefaultArtifact(coordinates.group(), coordinates.artifact(), "jar", coordinates.version());
            try {
                return resolver.resolveArtifact(session, new ArtifactRequest(artifact, remotes, "heed"))
                        .getArtifact()
                        .getPath();
            } catch (ArtifactResolutionException e) {
                throw failure(e, coordinates, name, remotes);
            }
        } finally {
            endings.forEach(Runnable::run);
        }
    }

    private RepositorySystemSession session(List<Runnable> endings, String name, Progress progress) {
        var session = new DefaultRepositorySystemSession(endings::add);
        session.setSystemProperties(System.getProperties());
        session.setConfigProperties(System.getProperties()); // aether.* as with Maven itself
        session.setOffline(settings.offline());
        session.setMirrorSelector(settings.mirrors());
        session.setProxySelector(settings.proxies());
        session.setAuthenticationSelector(settings.authentications());
        session.setChecksumPolicy(RepositoryPolicy.CHECKSUM_POLICY_FAIL);
        session.setResolutionErrorPolicy(new SimpleResolutionErrorPolicy(false, false));
        session.setTransferListener(new Reporting(name, progress));
        session.setLocalRepositoryManager(localRepository(session));
        return session;
    }

    /// The simple kind: a jar that is there is there, from whichever repository it once came.
    private LocalRepositoryManager localRepository(RepositorySystemSession session) {
        try {
            return new SimpleLocalRepositoryManagerFactory()
                    .newInstance(session, new LocalRepository(settings.localRepository()));
        } catch (NoLocalRepositoryManagerException e) {
            throw new HubException(
                    "the local Maven repository %s cannot be used: %s"
                            .formatted(settings.localRepository(), e.getMessage()),
                    e);
        }
    }

    /// The first reason that a person can do something about, in one line.
    private HubException failure(
            ArtifactResolutionException e, MavenCoordinates coordinates, String name, List<RemoteRepository> remotes) {
        List<Throwable> causes = e.getResult().getExceptions().stream()
                .flatMap(MavenArtifacts::chain)
                .toList();
        String asked =
                String.join(", ", remotes.stream().map(MavenArtifacts::describe).toList());
        String instead = "; the model is not cached: try again when the network is there, or copy its jar to "
                + localPath(coordinates);
        if (settings.offline()) {
            return new HubException(
                    "%s is not cached, and Maven's settings say offline; go online once to fetch it, or copy its jar to %s"
                            .formatted(name, localPath(coordinates)),
                    e);
        }
        if (e.getResult().isMissing()) {
            return new HubException("there is no %s in %s".formatted(coordinates, asked), e);
        }
        if (has(causes, ChecksumFailureException.class::isInstance)) {
            return new HubException(
                    "a corrupt download: %s does not have the checksum that %s publishes for it; try again"
                            .formatted(coordinates, asked),
                    e);
        }
        if (has(causes, MavenArtifacts::isNoSpace)) {
            return new HubException(
                    "no space left in the local Maven repository %s for %s"
                            .formatted(settings.localRepository(), coordinates),
                    e);
        }
        Optional<FileSystemException> file = causes.stream()
                .filter(FileSystemException.class::isInstance)
                .map(FileSystemException.class::cast)
                .findFirst();
        if (file.isPresent()) {
            return new HubException(
                    "%s cannot be stored in the local Maven repository: %s"
                            .formatted(coordinates, HubException.reason(file.get())),
                    e);
        }
        if (has(
                causes,
                cause -> cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException)) {
            return new HubException(
                    "%s cannot be fetched: no address is known for %s (no network?)%s".formatted(name, asked, instead),
                    e);
        }
        if (has(causes, ConnectException.class::isInstance)) {
            return new HubException("%s cannot be fetched: %s cannot be reached%s".formatted(name, asked, instead), e);
        }
        if (has(causes, HttpTimeoutException.class::isInstance)) {
            return new HubException(
                    "%s cannot be fetched: %s does not answer in time%s".formatted(name, asked, instead), e);
        }
        if (has(causes, SSLException.class::isInstance)) {
            return new HubException(
                    "%s cannot be fetched: no trusted connection to %s (a proxy with its own certificate?)%s"
                            .formatted(name, asked, instead),
                    e);
        }
        Optional<Integer> status = causes.stream()
                .filter(HttpTransporterException.class::isInstance)
                .map(cause -> ((HttpTransporterException) cause).getStatusCode())
                .filter(code -> code != 404) // of two repositories one may not have it while the other fails
                .findFirst();
        if (status.isPresent()) {
            String hint = switch (status.get()) {
                case 401, 403 -> " (see <servers> in Maven's settings; encrypted passwords are not understood)";
                case 407 -> " (see <proxies> in Maven's settings)";
                default -> "";
            };
            return new HubException(
                    "%s cannot be fetched: %s answers with status %d%s%s"
                            .formatted(name, asked, status.get(), hint, instead),
                    e);
        }
        String last = causes.isEmpty()
                ? String.valueOf(e.getMessage())
                : String.valueOf(causes.getLast().getMessage());
        return new HubException(
                "%s cannot be fetched from %s: %s"
                        .formatted(name, asked, last.lines().findFirst().orElse("")),
                e);
    }

    private static String describe(RemoteRepository repository) {
        String url = repository.getUrl().replaceFirst("//[^/@]*@", "//"); // a password is nobody else's business
        return repository.getId() + " (" + url + ")";
    }

    private static Stream<Throwable> chain(Throwable first) {
        return Stream.iterate(first, cause -> cause != null, Throwable::getCause);
    }

    private static boolean has(List<Throwable> causes, Predicate<Throwable> kind) {
        return causes.stream().anyMatch(kind);
    }

    private static boolean isNoSpace(Throwable cause) {
        return cause instanceof IOException
                && cause.getMessage() != null
                && cause.getMessage().contains("No space left");
    }

    /// Maven remembers failures for a day in files beside the artifact; one failed pull of ours would then make
    /// the user's next build fail too. So nothing is remembered, and every pull asks.
    private static final class AskAlways implements UpdateCheckManager {
        @Override
        public void checkArtifact(
                RepositorySystemSession session, UpdateCheck<Artifact, ArtifactTransferException> check) {
            check.setRequired(true);
        }

        @Override
        public void touchArtifact(
                RepositorySystemSession session, UpdateCheck<Artifact, ArtifactTransferException> check) {}

        @Override
        public void checkMetadata(
                RepositorySystemSession session, UpdateCheck<Metadata, MetadataTransferException> check) {
            check.setRequired(true);
        }

        @Override
        public void touchMetadata(
                RepositorySystemSession session, UpdateCheck<Metadata, MetadataTransferException> check) {}
    }

    /// The cache already lets one pull of a model run at a time, and the resolver moves finished files into
    /// place.
    private static final class NoLock implements SyncContext {
        @Override
        public void acquire(
                @Nullable Collection<? extends Artifact> artifacts,
                @Nullable Collection<? extends Metadata> metadatas) {}

        @Override
        public void close() {}
    }

    private static final class Reporting extends AbstractTransferListener {
        private final String name;
        private final Progress progress;
        private boolean started;

        Reporting(String name, Progress progress) {
            this.name = name;
            this.progress = progress;
        }

        @Override
        public void transferStarted(TransferEvent event) {
            end(); // a checksum that differs makes the resolver start over
            started = true;
            progress.start("downloading " + name, event.getResource().getContentLength());
        }

        @Override
        public void transferProgressed(TransferEvent event) {
            progress.advance(event.getDataLength());
        }

        @Override
        public void transferSucceeded(TransferEvent event) {
            end();
        }

        @Override
        public void transferFailed(TransferEvent event) {
            end();
        }

        private void end() {
            if (started) {
                started = false;
                progress.done();
            }
        }
    }
}
