package heed.examples.spam;

import static org.assertj.core.api.Assertions.assertThat;

import heed.model.Model;
import heed.model.Models;
import heed.task.Classifier;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The adapter in `models/spam`, which `examples/spam` made, on MiniLM.
@Tag("checkpoint")
class ShippedAdapterIT {
    private static final List<String> SPAM = List.of(
            "Lowest mortgage rates in forty years! No credit check, no obligation. Click here now to save thousands.",
            "You have been selected to receive a FREE vacation. Call our toll free number today, this offer is limited.",
            "Earn $5,000 a week from home with this proven system. To be removed from our mailing list reply with REMOVE.",
            "Dear friend, I am the widow of a late general and need your help to transfer 25 million dollars.");
    private static final List<String> OTHERS = List.of(
            "The patch does not apply to the current tree. Could you rebase it and send the series again?",
            "I get a segmentation fault when I start the daemon with the new kernel; the log is below.",
            "Lunch on Thursday works for me. Shall we meet at the station at noon and walk from there?",
            "According to the article the comet will be seen next week, low in the west after sunset.");

    @Test
    void anAdvertisementScoresHigherThanAnyLetter() {
        try (Model model = Models.open(Path.of("../models/spam"))) {
            Classifier classifier = new Classifier(model);
            double least = SPAM.stream()
                    .mapToDouble(text -> spam(classifier, text))
                    .min()
                    .orElseThrow();
            double most = OTHERS.stream()
                    .mapToDouble(text -> spam(classifier, text))
                    .max()
                    .orElseThrow();
            assertThat(least).isGreaterThan(most);
        }
    }

    private static double spam(Classifier classifier, String text) {
        return classifier.classify(text).getOrDefault("spam", Double.NaN);
    }
}
