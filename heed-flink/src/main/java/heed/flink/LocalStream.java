package heed.flink;

import heed.model.Model;
import heed.moderation.Action;
import heed.moderation.LabelScorer;
import heed.moderation.ModerationException;
import heed.moderation.stream.StreamEngine;
import heed.moderation.stream.StreamSettings;
import heed.moderation.stream.StreamTally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/// A stream judged in this process, with all of Flink in it: nothing to install, nothing to start.
public final class LocalStream implements StreamEngine {
    private static final int ATTEMPTS = 3;
    private static final Duration PACE = Duration.ofSeconds(1);

    /// All parts of Flink are in this process: when one does not answer for a while, the machine is busy.
    private static final String PATIENCE = "10 min";

    /// @param ended whether nothing is left to be done
    private record Result(StreamTally tally, boolean ended) {}

    @Override
    public StreamTally run(StreamSettings settings, Model model, Watcher watcher) {
        return run(settings, Judge.scorer(settings.judging(), model), watcher);
    }

    static StreamTally run(StreamSettings settings, LabelScorer scorer, Watcher watcher) {
        StreamSettings.Route route = settings.route();
        Path folder = Path.of(Objects.requireNonNull(settings.keeping().checkpoints(), "where checkpoints are kept"));
        requirePlaces(settings, folder);
        try (Journal journal = Journal.open(folder, settings);
                Judge judge = Judge.open(settings.judging(), scorer)) {
            var finished = journal.finished();
            if (finished.isPresent()) {
                watcher.note("the stream in " + folder + " has ended already; this is what came of it");
                return finished.get();
            }
            Result result = run(settings, journal, judge, watcher);
            if (result.ended) {
                journal.finish(result.tally);
                sweep(route.out(), "decisions");
                sweep(route.deadLetters(), "dead-letters");
            }
            return result.tally;
        }
    }

    private static void requirePlaces(StreamSettings settings, Path checkpoints) {
        StreamSettings.Route route = settings.route();
        switch (Place.of(route.in())) {
            case KafkaPlace topic -> topic.requireTopic();
            case FilePlace files -> {
                requireApart(files, Place.of(route.out()), checkpoints);
                requireApart(files, Place.of(route.deadLetters()), checkpoints);
            }
        }
        for (String out : List.of(route.out(), route.deadLetters())) {
            switch (Place.of(out)) {
                case KafkaPlace topic -> topic.makeTopic();
                case FilePlace files -> requireNew(files, settings.keeping().resume());
            }
        }
    }

    /// A stream that read what it writes would never end.
    private static void requireApart(FilePlace in, Place out, Path checkpoints) {
        Path source = Path.of(in.path()).toAbsolutePath().normalize();
        boolean below = checkpoints.toAbsolutePath().normalize().startsWith(source)
                || (out instanceof FilePlace files
                        && Path.of(files.path()).toAbsolutePath().normalize().startsWith(source));
        if (below) {
            throw new ModerationException("what is written must not lie in " + in.path() + ", which is read");
        }
    }

    private static void requireNew(FilePlace out, boolean resume) {
        Path decisions = Path.of(out.path(), "decisions");
        if (Files.isRegularFile(Path.of(out.path()))) {
            throw new ModerationException(out.path() + " is a file, a folder is needed");
        }
        if (!resume && Files.isDirectory(decisions)) {
            try (Stream<Path> files = Files.list(decisions)) {
                if (files.anyMatch(file -> !String.valueOf(file.getFileName()).startsWith("."))) {
                    throw new ModerationException(
                            decisions + " has decisions already; name another folder, or go on with --resume");
                }
            } catch (IOException e) {
                throw new ModerationException("cannot read " + decisions + ": " + e.getMessage(), e);
            }
        }
    }

    private static Result run(StreamSettings settings, Journal journal, Judge judge, Watcher watcher) {
        Configuration configuration = configuration(settings);
        if (settings.keeping().resume()) {
            goOn(configuration, journal, watcher);
        }
        int parallelism = Math.max(1, settings.parallelism());
        try {
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
            String folder = String.valueOf(configuration.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY));
            Topology.markEnd(Topology.build(environment, settings), folder);
            return await(environment.executeAsync(), judge, watcher);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModerationException("interrupted", e);
        } catch (ModerationException e) {
            throw e;
        } catch (Exception e) {
            throw failed(e);
        }
    }

    private static void goOn(Configuration configuration, Journal journal, Watcher watcher) {
        Optional<Path> newest = journal.newest();
        if (newest.isPresent()) {
            watcher.note("going on from " + newest.get().getFileName());
            configuration.set(
                    StateRecoveryOptions.SAVEPOINT_PATH, newest.get().toUri().toString());
            configuration.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        } else if (journal.ended()) {
            throw new ModerationException("the stream has ended, and its process before it could tell what came of it:"
                    + " there is nothing to go on with");
        } else {
            watcher.note("it was ended before its first checkpoint, and begins anew");
        }
    }

    private static Configuration configuration(StreamSettings settings) {
        Configuration configuration = Topology.configuration(settings);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                Path.of(Objects.requireNonNull(settings.keeping().checkpoints()))
                        .toUri()
                        .toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, ATTEMPTS);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, PACE);
        configuration.setString("heartbeat.interval", "1 s"); // which also brings the counts
        configuration.setString("heartbeat.timeout", PATIENCE);
        configuration.setString("pekko.ask.timeout", PATIENCE);
        configuration.setString("slot.request.timeout", PATIENCE);
        configuration.setString("execution.checkpointing.timeout", PATIENCE);
        configuration.setString("rest.address", "localhost");
        configuration.setString("rest.bind-address", "localhost");
        return configuration;
    }

    private static Result await(JobClient job, Judge judge, Watcher watcher) throws Exception {
        CompletableFuture<JobExecutionResult> result = job.getJobExecutionResult();
        StreamTally seen = tally(Map.of(), judge);
        boolean stopping = false;
        while (true) {
            try {
                JobExecutionResult ended = result.get(PACE.toMillis(), TimeUnit.MILLISECONDS);
                return new Result(tally(ended.getAllAccumulatorResults(), judge), true);
            } catch (TimeoutException _) {
                if (!stopping) {
                    seen = tally(counts(job), judge);
                    watcher.progress(seen);
                }
                if (watcher.stopRequested() && !stopping) {
                    stopping = true;
                    var _ = job.cancel(); // its end is waited for here
                }
            } catch (ExecutionException e) {
                if (stopping || watcher.stopRequested()) {
                    return new Result(seen, false);
                }
                throw e;
            }
        }
    }

    /// Of a job that is about to end nobody may know any more: then what is known stays.
    private static Map<String, Object> counts(JobClient job) throws InterruptedException {
        try {
            return job.getAccumulators().get(PACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            return Map.of();
        }
    }

    private static StreamTally tally(Map<String, Object> counts, Judge judge) {
        Map<Action, Long> decisions = new EnumMap<>(Action.class);
        for (Action action : Action.values()) {
            decisions.put(action, count(counts, Sorting.name(action)));
        }
        Judge.Work work = judge.work();
        return new StreamTally(
                decisions,
                count(counts, Intake.DEAD_LINES) + count(counts, Sorting.DEAD_COMMENTS),
                count(counts, OncePerId.REPEATED),
                work.judged(),
                work.tokens(),
                work.busy());
    }

    private static long count(Map<String, Object> counts, String name) {
        return counts.get(name) instanceof Long count ? count : 0;
    }

    /// Flink wraps the reason in several exceptions of its own; the innermost tells it.
    private static ModerationException failed(Exception failure) {
        Throwable reason = failure;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        String why = reason.getMessage() == null
                ? reason.getClass().getSimpleName()
                : reason.getMessage().lines().findFirst().orElse("");
        return new ModerationException(
                "the stream failed: " + why
                        + "; what was decided up to its last checkpoint stands, go on with --resume",
                failure);
    }

    /// Files that attempts before this one had begun and did not come to commit.
    private static void sweep(String out, String below) {
        Path folder = Place.of(out) instanceof FilePlace files ? Path.of(files.path(), below) : null;
        if (folder == null || !Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(".") && name.contains(".inprogress.")) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
