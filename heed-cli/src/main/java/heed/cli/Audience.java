package heed.cli;

import java.io.Console;

/// Who is at the other end of the standard streams. The launcher knows of each stream whether it is a terminal
/// and says so in a property; Java itself can only tell of all together.
final class Audience {
    private Audience() {}

    /// Whether a person sees standard output.
    static boolean watchesOutput() {
        return isTerminal("heed.terminal.out");
    }

    /// Whether a person sees standard error.
    static boolean watchesErrors() {
        return isTerminal("heed.terminal.err");
    }

    @SuppressWarnings("SystemConsoleNull") // a console of another provider may still be missing
    private static boolean isTerminal(String property) {
        String said = System.getProperty(property);
        Console console = System.console();
        return said == null ? console != null && console.isTerminal() : Boolean.parseBoolean(said);
    }
}
