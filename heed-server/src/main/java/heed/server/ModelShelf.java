package heed.server;

import heed.family.DecoderNetwork;
import heed.family.EncoderDecoderNetwork;
import heed.family.EncoderNetwork;
import heed.family.Head;
import heed.family.RecurrentNetwork;
import heed.hub.CatalogueEntry;
import heed.hub.Hub;
import heed.hub.HubException;
import heed.hub.Progress;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import heed.serving.Serving;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The models of a server: those that are open, those that are being opened, and those that could be.
final class ModelShelf implements AutoCloseable {
    private final Hub hub;
    private final ModelOptions options;
    private final Jobs jobs;
    private final String usual;
    private final Serving serving;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private boolean closed;

    /// One model, by the reference it was asked for.
    ///
    /// @param model null until it is open
    /// @param parameters how many learned numbers it has, where that is known
    private record Place(Job job, @Nullable Model model, OptionalLong parameters) {
        Place(Job job) {
            this(job, null, OptionalLong.empty());
        }
    }

    /// @param usual the model of those who name none
    /// @param serving hears of models that were opened, and of those that could not be
    ModelShelf(Hub hub, ModelOptions options, Jobs jobs, String usual, Serving serving) {
        this.hub = hub;
        this.options = options;
        this.jobs = jobs;
        this.usual = usual;
        this.serving = serving;
    }

    String usual() {
        return usual;
    }

    /// Opens a model, fetched first where it is not here; one that is open or being opened is left as it is.
    ///
    /// @throws Refusal when the reference means nothing
    synchronized Job open(String reference) {
        Place there = places.get(reference);
        if (there != null && (there.model() != null || there.job().running())) {
            return there.job();
        }
        try {
            hub.cached(reference);
        } catch (HubException e) {
            throw Refusal.unknown(String.valueOf(e.getMessage()));
        }
        Job job = jobs.start("opening " + reference, running -> {
            Model model = opened(reference, running);
            if (!put(reference, running, model, ModelFiles.parameters(model.folder()))) {
                model.close();
            }
            running.succeed(null);
        });
        places.put(reference, new Place(job));
        return job;
    }

    private Model opened(String reference, Job running) {
        try {
            return Models.open(reference, options.withProgress(new JobProgress(running)));
        } catch (RuntimeException | OutOfMemoryError e) {
            serving.failed(reference, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private synchronized boolean put(String reference, Job job, Model model, OptionalLong parameters) {
        if (closed) {
            return false;
        }
        places.put(reference, new Place(job, model, parameters));
        serving.opened(reference, model);
        return true;
    }

    /// An open model.
    ///
    /// @param reference null for the usual one
    /// @throws Refusal when it is not open yet: then it is being opened, and the refusal names the job
    synchronized Model require(@Nullable String reference) {
        String name = reference == null ? usual : reference;
        Place place = places.get(name);
        if (place != null && place.model() != null) {
            return place.model();
        }
        Job job = open(name);
        throw Refusal.early(name + " is still being opened", job.id());
    }

    /// What `GET /api/models` answers.
    synchronized List<Map<String, Object>> view() {
        Map<String, Map<String, Object>> models = new LinkedHashMap<>();
        for (CatalogueEntry entry : hub.catalogue()) {
            Map<String, Object> view = view(entry.alias());
            view.put("description", entry.description());
            view.putIfAbsent("bytes", entry.downloadBytes());
            view.putIfAbsent("parameters", entry.parameters());
            models.put(entry.alias(), view);
        }
        hub.repositories().forEach(repository -> models.computeIfAbsent(repository.reference(), this::view));
        places.keySet().forEach(reference -> models.computeIfAbsent(reference, this::view));
        return new ArrayList<>(models.values());
    }

    private Map<String, Object> view(String reference) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", reference);
        Place place = places.get(reference);
        if (place == null) {
            Optional<Path> here = hub.cached(reference);
            view.put("state", here.isPresent() ? "here" : "absent");
            here.ifPresent(path -> list(path, view));
        } else if (place.model() != null) {
            view.put("state", "open");
            describe(place.model(), view);
            place.parameters().ifPresent(count -> view.put("parameters", count));
            list(place.model().folder(), view);
        } else if (place.job().running()) {
            view.put("state", "opening");
            view.put("job", place.job().id());
        } else {
            view.put("state", "failed");
            view.put("error", place.job().view().get("message"));
        }
        return view;
    }

    private static void list(Path path, Map<String, Object> view) {
        ModelFiles files = ModelFiles.of(path);
        view.put("bytes", files.bytes());
        view.put("files", files.files());
    }

    private static void describe(Model model, Map<String, Object> view) {
        Head head = model.network().head();
        view.put("kind", kind(model));
        view.put("architecture", model.config().architecture());
        view.put("layers", model.config().layers());
        view.put("heads", model.config().heads());
        view.put("width", model.config().dModel());
        if (model.config().maxTokens() < Integer.MAX_VALUE) {
            view.put("maxTokens", model.config().maxTokens());
        }
        view.put("vocabulary", model.config().vocabularySize());
        view.put("weights", model.weights().type().toString());
        view.put("fills", head instanceof Head.MaskedLanguageModel);
        view.put("writes", head instanceof Head.LanguageModel);
    }

    static String kind(Model model) {
        return switch (model.network()) {
            case EncoderNetwork _ -> "encoder";
            case DecoderNetwork _ -> "decoder";
            case EncoderDecoderNetwork _ -> "encoder-decoder";
            case RecurrentNetwork _ -> "recurrent";
        };
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (Place place : places.values()) {
            if (place.model() != null) {
                place.model().close();
            }
        }
        places.clear();
    }

    /// Tells a job how far the fetching of a model is.
    private record JobProgress(Job job) implements Progress {
        @Override
        public void start(String what, long bytes) {
            job.begin(what, bytes);
        }

        @Override
        public void advance(long bytes) {
            job.advance(bytes);
        }

        @Override
        public void done() {}
    }
}
