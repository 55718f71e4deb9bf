package heed.examples.spam;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Mails in three parts that share no sender, no thread and no stretch of text. A sender's part follows from a
/// digest of the address alone, so that another choice of mails moves nobody.
///
/// @param train to learn from
/// @param tune to choose thresholds by
/// @param test to tell how good it became
/// @param leftOut how many mails are in no part, by reason
record MailSplit(List<Labelled> train, List<Labelled> tune, List<Labelled> test, Map<String, Integer> leftOut) {
    private static final int WORDS = 8;
    private static final double ALIKE = 0.3;
    private static final Pattern ADDRESS = Pattern.compile("[\\w.+=-]+@[\\w.-]+");
    private static final Pattern MESSAGE = Pattern.compile("<[^<>\\s]+>");
    private static final Pattern ANSWER = Pattern.compile("(?i)^(?:\\s*(?:re|fw|fwd|aw)\\s*:|\\s*\\[[^]]*])*");

    /// A mail of which somebody said what it is.
    ///
    /// @param text what is left of it to read
    record Labelled(String id, Mail mail, String text, boolean spam) {
        /// The last address in `From`; the whole header where there is none.
        String sender() {
            List<String> addresses = ADDRESS.matcher(mail.header("from"))
                    .results()
                    .map(found -> found.group().toLowerCase(Locale.ROOT))
                    .toList();
            return addresses.isEmpty() ? mail.header("from") : addresses.getLast();
        }

        /// By which mails of one conversation know each other: ids of messages, and the subject.
        Set<String> threads() {
            Set<String> keys = new HashSet<>();
            for (String header : List.of("message-id", "in-reply-to", "references")) {
                Matcher ids = MESSAGE.matcher(mail.header(header));
                while (ids.find()) {
                    keys.add(ids.group());
                }
            }
            String subject = ANSWER.matcher(mail.header("subject"))
                    .replaceFirst("")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}]+", " ")
                    .strip();
            if (subject.contains(" ")) { // one word is no subject of its own
                keys.add(subject);
            }
            return keys;
        }

        /// Every eight words that stand side by side, or all where there are fewer.
        Set<Integer> stretches() {
            String[] words = Stream.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}]+"))
                    .filter(word -> !word.isEmpty())
                    .toArray(String[]::new);
            return IntStream.rangeClosed(0, Math.max(0, words.length - WORDS))
                    .mapToObj(i -> Arrays.hashCode(Arrays.copyOfRange(words, i, Math.min(words.length, i + WORDS))))
                    .collect(Collectors.toSet());
        }
    }

    /// @param mails in any order
    static MailSplit of(List<Labelled> mails) {
        Map<String, Integer> leftOut = new TreeMap<>();
        Known known = new Known();
        List<List<Labelled>> parts = new ArrayList<>();
        for (double[] range : new double[][] {{0.8, 1}, {0.6, 0.8}, {0, 0.6}}) { // what tests goes first
            List<Labelled> part = new ArrayList<>();
            Known own = new Known();
            mails.stream()
                    .filter(mail -> share(mail.sender()) >= range[0] && share(mail.sender()) < range[1])
                    .sorted(Comparator.comparing(Labelled::id))
                    .forEach(mail -> {
                        String reason = mail.text.isEmpty() ? "no text" : known.reason(mail);
                        if (reason.isEmpty() && own.alike(mail) >= 1) {
                            reason = "there already";
                        }
                        own.addStretches(mail);
                        if (reason.isEmpty()) {
                            part.add(mail);
                            own.addThreads(mail);
                        } else {
                            leftOut.merge(reason, 1, Integer::sum);
                        }
                    });
            known.add(own);
            parts.add(List.copyOf(part));
        }
        return new MailSplit(parts.get(2), parts.get(1), parts.get(0), leftOut);
    }

    /// What is in parts already.
    private static final class Known {
        private final Set<String> threads = new HashSet<>();
        private final Set<Integer> stretches = new HashSet<>();

        String reason(Labelled mail) {
            if (mail.threads().stream().anyMatch(threads::contains)) {
                return "thread of another part";
            }
            return alike(mail) >= ALIKE ? "text of another part" : "";
        }

        /// The share of a mail's stretches that are known.
        double alike(Labelled mail) {
            Set<Integer> own = mail.stretches();
            return (double) own.stream().filter(stretches::contains).count() / own.size();
        }

        void addThreads(Labelled mail) {
            threads.addAll(mail.threads());
        }

        void addStretches(Labelled mail) {
            stretches.addAll(mail.stretches());
        }

        void add(Known other) {
            threads.addAll(other.threads);
            stretches.addAll(other.stretches);
        }
    }

    /// So many mails of each kind to learn from, drawn by digest.
    ///
    /// @param draw another number is another choice
    List<Labelled> few(int each, int draw) {
        return Stream.of(true, false)
                .flatMap(spam -> train.stream()
                        .filter(mail -> mail.spam == spam)
                        .sorted(Comparator.comparing(mail -> digest(draw + " " + mail.id)))
                        .limit(each))
                .toList();
    }

    /// Where a text lies between 0 and 1, by its digest.
    private static double share(String text) {
        return Integer.parseInt(digest(text).substring(0, 6), 16) / (double) (1 << 24);
    }

    private static String digest(String text) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
