package heed.examples.spam;

import static org.assertj.core.api.Assertions.assertThat;

import heed.examples.spam.MailSplit.Labelled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How the mails of `examples/spam` are read and split.
class SpamTest {
    @Test
    void headersAreLeftOutAndFoldedOnesAreOne() {
        Mail mail =
                Mail.parse("From x@y Thu Aug 22\r\nSubject: Re:\r\n  two lines\r\nX-Spam: yes\r\n\r\nHello\r\nyou\r\n");
        assertThat(mail.header("subject")).isEqualTo("Re: two lines");
        assertThat(mail.text()).isEqualTo("Hello\nyou");
    }

    @Test
    void partsInPlainTextAreReadBeforePages() {
        String mail = """
                Content-Type: multipart/alternative; boundary="b 1"

                for programs that know no parts
                --b 1
                Content-Type: text/html

                <p>page</p>
                --b 1
                Content-Type: multipart/mixed; boundary=inner

                --inner
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                caf=C3=A9 and=
                 more
                --inner
                Content-Type: image/png

                not to be read
                --inner--
                --b 1--
                after it
                """;
        assertThat(Mail.parse(mail).text()).isEqualTo("café and more");
    }

    @Test
    void whatIsWrittenInBase64IsDecoded() {
        assertThat(Mail.parse("Content-Transfer-Encoding: base64\n\n6Q==\n").text())
                .isEqualTo("é"); // Latin 1
        assertThat(Mail.parse(
                                "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: BASE64\n\nZ3LDvMOfZQ==\n")
                        .text())
                .isEqualTo("grüße");
        assertThat(Mail.parse("Content-Transfer-Encoding: base64\n\nabcde\n").text())
                .isEqualTo("abcde");
    }

    @ParameterizedTest
    @CsvSource({
        "a<br>b, 'a\nb'",
        "v<!-- x -->ia<b>gra</b>, viagra",
        "<style>p {}</style>x<script>y</script>, x",
        "1 &lt; 2 &amp; &#233;&#xq;&nope;, '1 < 2 & é&#xq;&nope;'"
    })
    void aPageIsReadWithoutItsMarkup(String html, String text) {
        assertThat(MailText.ofHtml(html)).isEqualTo(text);
    }

    @Test
    void whatOthersWroteAndProgramsAddedIsLeftOut() {
        assertThat(MailText.cleaned("""
                        On Monday Ada wrote:
                        > old words
                        ab> older words

                        My   own\twords


                        and more
                        _______________________________________________
                        Some mailing list
                        Some@example.org
                        """)).isEqualTo("My own words\n\nand more");
        assertThat(MailText.cleaned("a\n--------------------\nb")).isEqualTo("a\n--------------------\nb");
    }

    private static Labelled mail(String id, String from, String subject, String text) {
        return new Labelled(id, Mail.parse("From: " + from + "\nSubject: " + subject + "\n\n"), text, id.endsWith("s"));
    }

    private static String text(int seed) {
        return String.join(
                " ",
                IntStream.range(0, 20)
                        .mapToObj(i -> "word" + (char) ('a' + seed % 26) + (char) ('a' + seed / 26) + (char) ('a' + i))
                        .toList());
    }

    @Test
    void partsShareNoSenderNoThreadAndNoText() {
        List<Labelled> mails = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            mails.add(mail(
                    i + (i % 3 == 0 ? "s" : "h"),
                    "Name <user" + i % 101 + "@example.org>",
                    i % 2 == 0 ? "Re: [list] subject number " + i / 6 : "single",
                    i % 7 == 0 ? text(i / 14) : text(i) + " and more of mail " + "x".repeat(1 + i)));
        }
        MailSplit split = MailSplit.of(mails);
        List<List<Labelled>> parts = List.of(split.train(), split.tune(), split.test());
        assertThat(parts).noneMatch(List::isEmpty);
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < a; b++) {
                assertThat(shared(senders(parts.get(a)), senders(parts.get(b)))).isEmpty();
                assertThat(shared(threads(parts.get(a)), threads(parts.get(b)))).isEmpty();
                assertThat(shared(texts(parts.get(a)), texts(parts.get(b)))).isEmpty();
            }
        }
        int kept = parts.stream().mapToInt(List::size).sum();
        assertThat(kept + split.leftOut().values().stream().mapToInt(i -> i).sum())
                .isEqualTo(300);
        assertThat(split.leftOut()).containsKeys("thread of another part", "text of another part", "there already");
    }

    @Test
    void aSendersPartDoesNotDependOnOthers() {
        List<Labelled> mails = IntStream.range(0, 60)
                .mapToObj(i -> mail(i + "s", "user" + i + "@example.org", "x", text(i % 26) + " " + "y".repeat(i)))
                .toList();
        Set<String> test = senders(MailSplit.of(mails).test());
        Set<String> fewer = senders(MailSplit.of(mails.subList(0, 30)).test());
        assertThat(test).containsAll(fewer);
        assertThat(fewer).isNotEmpty();
    }

    @Test
    void aFewAreDrawnOfEachKind() {
        List<Labelled> mails = IntStream.range(0, 200)
                .mapToObj(
                        i -> mail(i + (i % 2 == 0 ? "s" : "h"), "u" + i + "@example.org", "x", "text" + "z".repeat(i)))
                .toList();
        MailSplit split = MailSplit.of(mails);
        assertThat(split.few(5, 1)).hasSize(10).filteredOn(Labelled::spam).hasSize(5);
        assertThat(split.few(5, 1)).isEqualTo(split.few(5, 1)).isNotEqualTo(split.few(5, 2));
    }

    private static Set<String> senders(List<Labelled> mails) {
        return mails.stream().map(Labelled::sender).collect(Collectors.toSet());
    }

    private static Set<String> threads(List<Labelled> mails) {
        return mails.stream().flatMap(mail -> mail.threads().stream()).collect(Collectors.toSet());
    }

    private static Set<String> texts(List<Labelled> mails) {
        return mails.stream().map(Labelled::text).collect(Collectors.toSet());
    }

    private static Set<String> shared(Set<String> a, Set<String> b) {
        Set<String> shared = new HashSet<>(a);
        shared.retainAll(b);
        return shared;
    }
}
