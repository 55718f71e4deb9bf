package heed.examples.kannada;

import heed.corpus.TextPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Sentences that were written for this corpus, as software says little of what people say to each other:
/// introductions, greetings and everyday phrases, with many names. What the tables hold back from training,
/// names and templates, is made into sentences to test with.
final class WrittenSentences {
    private static final String ORIGIN = "written";
    private static final String PLACE = "{}";
    private static final int INTRODUCTIONS = 9; // the first templates, which most names are learned in
    private static final long SEED = 20261122;

    private final Path folder;
    private final Set<String> words;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<Template> templates = new ArrayList<>();
    private final List<Name> names = new ArrayList<>();

    private record Template(String english, String kannada, boolean test) {}

    private record Name(String english, String kannada, boolean test) {}

    /// A sentence to test with.
    ///
    /// @param kind which of name and template were held back, and who spelled the name
    record Case(String kind, TextPair pair) {}

    /// @param folder of the tables
    /// @param words of English, which are no names
    WrittenSentences(Path folder, Set<String> words) throws IOException {
        this.folder = folder;
        this.words = words;
        for (String[] row : rows("templates.tsv", 3)) {
            templates.add(new Template(row[0], row[1], row[2].equals("test")));
        }
        for (String[] row : rows("names.tsv", 3)) {
            names.add(new Name(row[0], row[1], row[2].equals("test")));
        }
    }

    private List<String[]> rows(String file, int columns) throws IOException {
        List<String[]> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(folder.resolve(file));
        for (int i = 1; i < lines.size(); i++) {
            String[] row = lines.get(i).split("\t", -1);
            if (row.length != columns) {
                throw new IllegalArgumentException(
                        file + ", line " + (i + 1) + " has " + row.length + " columns, " + columns + " are needed");
            }
            rows.add(row);
        }
        return rows;
    }

    /// All sentences to learn from.
    List<TextPair> train() throws IOException {
        Set<TextPair> pairs = new java.util.LinkedHashSet<>();
        phrases(pairs);
        framed(pairs);
        conjugated(pairs);
        for (Name name : names) {
            if (!name.test) {
                named(name, pairs, 7);
            }
        }
        for (Name name : spelledNames()) {
            if (!name.test) {
                named(name, pairs, 1);
            }
        }
        return List.copyOf(pairs);
    }

    private void phrases(Set<TextPair> pairs) throws IOException {
        for (String[] row : rows("phrases.tsv", 2)) {
            for (Manner manner : Manner.values()) {
                pairs.add(manner.pair(row[0], row[1]));
            }
        }
    }

    /// `This is a book.`, with each thing in each frame.
    private void framed(Set<TextPair> pairs) throws IOException {
        List<String[]> frames = rows("frames.tsv", 2);
        for (String[] noun : rows("nouns.tsv", 3)) {
            for (String[] frame : frames) {
                boolean mass = noun[2].equals("mass");
                String article = "aeiou".indexOf(noun[0].charAt(0)) >= 0 ? "an " : "a ";
                String english = frame[0].replace("a " + PLACE, mass ? PLACE : article + PLACE);
                String kannada = mass ? frame[1].replace("ಒಂದು " + PLACE, PLACE) : frame[1];
                pairs.add(Manner.any(random).pair(english.replace(PLACE, noun[0]), kannada.replace(PLACE, noun[1])));
            }
        }
    }

    /// Who does it, and with what endings.
    private enum Person {
        I("I", "am", false, "ನಾನು", "ೇನೆ"),
        WE("We", "are", false, "ನಾವು", "ೇವೆ"),
        YOU("You", "are", false, "ನೀವು", "ೀರಿ"),
        HE("He", "is", true, "ಅವನು", "ಾನೆ"),
        SHE("She", "is", true, "ಅವಳು", "ಾಳೆ"),
        THEY("They", "are", false, "ಅವರು", "ಾರೆ");

        private final String english;
        private final String be;
        private final boolean third;
        private final String kannada;
        private final String ending;

        Person(String english, String be, boolean third, String kannada, String ending) {
            this.english = english;
            this.be = be;
            this.third = third;
            this.kannada = kannada;
            this.ending = ending;
        }
    }

    /// `She is reading.` The verbs of the table all go the regular way in these tenses.
    private void conjugated(Set<TextPair> pairs) throws IOException {
        for (String[] verb : rows("verbs.tsv", 4)) {
            String kannada = verb[3];
            for (Person person : Person.values()) {
                Map<String, String> forms = new LinkedHashMap<>();
                forms.put((person.third ? verb[1] : verb[0]), kannada + "ತ್ತ" + person.ending);
                forms.put(person.be + " " + verb[2], kannada + "ತ್ತಿದ್ದ" + person.ending);
                forms.put("will " + verb[0], kannada + "ತ್ತ" + person.ending);
                forms.put((person.third ? "does not " : "do not ") + verb[0], kannada + "ವುದಿಲ್ಲ");
                forms.put(person.be + " not " + verb[2], kannada + "ತ್ತಿಲ್ಲ");
                forms.forEach((english, written) -> pairs.add(Manner.any(random)
                        .pair(person.english + " " + english + ".", person.kannada + " " + written + ".")));
            }
        }
    }

    private void named(Name name, Set<TextPair> pairs, int sentences) {
        pairs.add(new TextPair(cased(name.english), name.kannada, ORIGIN));
        for (int i = 0; i < sentences; i++) {
            Template template;
            do {
                int among = random.nextInt(3) == 0 ? INTRODUCTIONS : templates.size();
                template = templates.get(random.nextInt(among));
            } while (template.test);
            pairs.add(filled(template, name, Manner.any(random)));
        }
    }

    private static TextPair filled(Template template, Name name, Manner manner) {
        return manner.pair(
                template.english.replace(PLACE, name.english), template.kannada.replace(PLACE, name.kannada));
    }

    private String cased(String name) {
        return switch (random.nextInt(10)) {
            case 0 -> name.toUpperCase(Locale.ROOT);
            case 1, 2, 3 -> name.toLowerCase(Locale.ROOT);
            default -> name;
        };
    }

    /// Some write as in books, some as in messages.
    private enum Manner {
        BOOK,
        NO_STOP,
        SMALL;

        static Manner any(SplittableRandom random) {
            return values()[random.nextInt(3)];
        }

        TextPair pair(String english, String kannada) {
            return switch (this) {
                case BOOK -> new TextPair(english, kannada, ORIGIN);
                case NO_STOP -> new TextPair(unstopped(english), unstopped(kannada), ORIGIN);
                case SMALL -> new TextPair(unstopped(english).toLowerCase(Locale.ROOT), unstopped(kannada), ORIGIN);
            };
        }

        private static String unstopped(String text) {
            return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        }
    }

    /// Names that nobody has, spelled by rule: all of two letters, many of three and more. One in twelve is
    /// held back.
    private List<Name> spelledNames() {
        Map<String, Name> spelled = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        names.forEach(name -> known.add(name.english.toLowerCase(Locale.ROOT)));
        for (String latin : latinNames()) {
            if (!known.contains(latin) && !words.contains(latin)) {
                boolean test = Math.floorMod(latin.hashCode() * 0x9E3779B9, 12) == 0;
                String title = Character.toUpperCase(latin.charAt(0)) + latin.substring(1);
                spelled.put(latin, new Name(title, NameSpelling.of(latin), test));
            }
        }
        return List.copyOf(spelled.values());
    }

    private Set<String> latinNames() {
        List<String> first = List.of(
                "k", "g", "ch", "j", "t", "d", "n", "p", "b", "m", "y", "r", "l", "v", "s", "sh", "h", "z", "f", "kh",
                "bh", "dh", "th", "w");
        List<String> vowels = List.of("a", "i", "u", "e", "o", "aa", "ee", "oo", "ai", "au");
        SplittableRandom drawn = new SplittableRandom(SEED + 1);
        Set<String> found = new java.util.LinkedHashSet<>();
        for (String vowel : vowels) {
            for (String consonant : first) {
                found.add(vowel + consonant);
                found.add(consonant + vowel);
            }
        }
        List<String> shapes = List.of(
                "cvc", "cvc", "vcv", "cvcv", "cvcv", "vcvc", "vcvc", "cvcvc", "cvcvc", "vccv", "cvccv", "cvcvcv",
                "cvccvc", "vcvcv", "cvv", "cvcvcvc");
        while (found.size() < 4400) {
            StringBuilder name = new StringBuilder();
            String shape = shapes.get(drawn.nextInt(shapes.size()));
            for (int i = 0; i < shape.length(); i++) {
                boolean consonant = shape.charAt(i) == 'c';
                List<String> choices = consonant ? first : vowels;
                int common = consonant ? choices.size() : drawn.nextInt(4) == 0 ? choices.size() : 5;
                name.append(choices.get(drawn.nextInt(common)));
            }
            if (name.length() <= 9) {
                found.add(name.toString());
            }
        }
        return found;
    }

    /// Sentences of which the name, the template, or both were held back.
    List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        List<Template> seen =
                templates.stream().filter(template -> !template.test).toList();
        List<Template> unseen =
                templates.stream().filter(template -> template.test).toList();
        List<Name> held = names.stream().filter(name -> name.test).toList();
        List<Name> spelled = spelledNames().stream().filter(name -> name.test).toList();
        SplittableRandom drawn = new SplittableRandom(SEED + 2);
        for (Name name : held) {
            cases.add(new Case("name", filled(templates.getFirst(), name, Manner.SMALL)));
            for (int i = 0; i < 2; i++) {
                cases.add(new Case("name", filled(any(seen, drawn), name, Manner.any(drawn))));
            }
            cases.add(new Case("name and template", filled(any(unseen, drawn), name, Manner.any(drawn))));
        }
        for (int i = 0; i < 80; i++) {
            Name name = any(spelled, drawn);
            Template template = i % 2 == 0 ? templates.getFirst() : any(seen, drawn);
            cases.add(new Case("name spelled by rule", filled(template, name, Manner.any(drawn))));
        }
        List<Name> learned = names.stream().filter(name -> !name.test).toList();
        for (int i = 0; i < 40; i++) {
            cases.add(new Case("template", filled(any(unseen, drawn), any(learned, drawn), Manner.any(drawn))));
        }
        return cases;
    }

    private static <T> T any(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }
}
