package heed.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Score outputs beside what is right: translations, summaries, labels, rankings, a language model.",
            "",
            "A FILE has one value a line: whole lines, a column of a table with tabs (FILE#2, or FILE#name where the"
                    + " first line has names), or a field of JSON lines (FILE#translation, FILE#labels.spam).",
            "- is standard input."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed score bleu out.txt reference.txt",
            "  heed score chrf out.jsonl#translation reference.txt --word-order 2",
            "  heed score bleu new.txt reference.txt --baseline old.txt        is the difference more than chance?",
            "  heed score f1 out.jsonl#labels gold.txt --positive spam",
            "  heed score perplexity --model ./gpt2 chapter.txt"
        },
        subcommands = {
            ScoreTexts.BleuCommand.class,
            ScoreTexts.ChrfCommand.class,
            ScoreTexts.RougeCommand.class,
            ScoreLabels.AccuracyCommand.class,
            ScoreLabels.F1Command.class,
            ScoreLabels.MatthewsCommand.class,
            ScoreNumbers.AucCommand.class,
            ScoreNumbers.SpearmanCommand.class,
            ScoreNumbers.PearsonCommand.class,
            ScorePerplexity.class
        })
final class ScoreCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
