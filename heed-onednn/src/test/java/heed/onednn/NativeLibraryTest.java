package heed.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import heed.kernel.EngineUnavailableException;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void theLibraryAppearsWholeAndOnce() throws IOException {
        URL library = NativeLibrary.class.getClassLoader().getResource("org/bytedeco/dnnl/linux-x86_64/libdnnl.so.3");
        assumeTrue(library != null, "there is no library for this platform on the class path");

        Path unpacked = NativeLibrary.unpacked(folder, library);
        Files.writeString(unpacked.resolve("mark"), "still here");

        assertThat(NativeLibrary.unpacked(folder, library)).isEqualTo(unpacked);
        assertThat(unpacked.resolve("mark")).exists();
        assertThat(unpacked.resolve("libdnnl.so.3")).isNotEmptyFile();
        assertThat(unpacked.resolve("libgomp.so.1")).isNotEmptyFile();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(unpacked);
        }
    }

    @Test
    void aLibraryThatIsNotThereIsNamed() throws Exception {
        assertThat(inAnotherJvm("-Dheed.onednn.library=/nowhere/libdnnl.so"))
                .contains("there is no file /nowhere/libdnnl.so, which heed.onednn.library names");
    }

    @Test
    void aFileThatIsNoLibraryIsNamed() throws Exception {
        Path text = Files.writeString(folder.resolve("libtext.so"), "not a library");
        assertThat(inAnotherJvm("-Dheed.onednn.library=" + text)).contains("its library cannot be loaded: ");
    }

    private static String inAnotherJvm(String property) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        property,
                        "-cp",
                        String.join(
                                File.pathSeparator,
                                List.of(
                                        "target/classes",
                                        "target/test-classes",
                                        System.getProperty("java.class.path", ""),
                                        System.getProperty("jdk.module.path", ""))),
                        Reason.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return printed;
    }

    /// Prints why the engine cannot run.
    static final class Reason {
        public static void main(String[] arguments) {
            try {
                NativeLibrary.load();
                System.out.println("loaded");
            } catch (EngineUnavailableException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
