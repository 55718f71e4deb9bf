package heed.lens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void showsColoursOnlyToAPersonWhoDidNotRefuseThem() {
        Map<String, String> rich = Map.of("TERM", "xterm-256color", "COLORTERM", "truecolor");

        assertThat(Terminal.of(rich, true).colours()).isEqualTo(Terminal.Colours.TRUE);
        assertThat(Terminal.of(Map.of("TERM", "xterm-256color"), true).colours())
                .isEqualTo(Terminal.Colours.INDEXED);
        assertThat(Terminal.of(rich, false).colours()).isEqualTo(Terminal.Colours.NONE);
        assertThat(Terminal.of(Map.of("TERM", "dumb", "COLORTERM", "truecolor"), true)
                        .colours())
                .isEqualTo(Terminal.Colours.NONE);
        assertThat(Terminal.of(Map.of("NO_COLOR", "1", "COLORTERM", "truecolor"), true)
                        .colours())
                .isEqualTo(Terminal.Colours.NONE);
    }

    @Test
    void readsWidthAndBackgroundAndFallsBackWhereTheyAreNotSaid() {
        assertThat(Terminal.of(Map.of("COLUMNS", "132"), false).columns()).isEqualTo(132);
        assertThat(Terminal.of(Map.of("COLUMNS", "wide"), false).columns()).isEqualTo(100);
        assertThat(Terminal.of(Map.of("COLUMNS", "3"), false).columns()).isEqualTo(40);
        assertThat(Terminal.of(Map.of("COLORFGBG", "0;15"), true).light()).isTrue();
        assertThat(Terminal.of(Map.of("COLORFGBG", "15;0"), true).light()).isFalse();
    }

    @Test
    void writesGreysWhereOnly256ColoursAreThere() {
        Terminal terminal = new Terminal(80, Terminal.Colours.INDEXED, true);

        assertThat(terminal.painted("x", 0)).isEqualTo("\u001b[38;5;16m\u001b[48;5;231mx\u001b[0m");
        assertThat(terminal.painted("x", 1)).matches("\u001b\\[38;5;231m\u001b\\[48;5;23[4-9]mx\u001b\\[0m");
    }
}
