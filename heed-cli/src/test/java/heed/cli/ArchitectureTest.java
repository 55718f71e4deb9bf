package heed.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import heed.attention.Attention;
import heed.kernel.Kernels;
import heed.lens.AttentionText;
import heed.model.Model;
import heed.moderation.Normalizer;
import heed.moderation.stream.StreamEngine;
import heed.server.ExplorerServer;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Which rooms of the house may use which, seen from its highest floor.
class ArchitectureTest {
    /// From the ground up: a room uses rooms before it, or beside it in its own group.
    private static final List<List<String>> FLOORS = List.of(
            List.of("cache", "chart"),
            List.of("kernel"),
            List.of("timing"),
            List.of("tensor"),
            List.of("autograd"),
            List.of("pass"),
            List.of("layer", "position"),
            List.of("attention"),
            List.of("stack"),
            List.of("training"),
            List.of("recurrent"),
            List.of("subword"),
            List.of("checkpoint", "text", "chat", "hub", "corpus"),
            List.of("family"),
            List.of("generation"),
            List.of("model"),
            List.of("task", "recipe", "score"),
            List.of("lens", "moderation", "serving", "claims"),
            List.of("server", "flink"),
            List.of("cli"));

    private static final JavaClasses CLASSES = imported();

    /// A rule that sees too few classes would hold whatever they did.
    private static JavaClasses imported() {
        List<Class<?>> types = Stream.of(
                        Kernels.class,
                        Attention.class,
                        Model.class,
                        AttentionText.class,
                        Normalizer.class,
                        ExplorerServer.class,
                        Heed.class)
                .collect(Collectors.toCollection(ArrayList<Class<?>>::new));
        types.add(ServiceLoader.load(StreamEngine.class).iterator().next().getClass()); // not to be named from here
        List<URL> locations = types.stream()
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .toList();
        JavaClasses classes = new ClassFileImporter().importUrls(locations);
        assertThat(classes).hasSizeGreaterThanOrEqualTo(180);
        return classes;
    }

    @Test
    void everyRoomIsOnAFloor() {
        assertThat(CLASSES.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> name.startsWith("heed."))
                        .map(name -> name.split("\\.")[1])
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(
                        FLOORS.stream().flatMap(List::stream).toList());
    }

    @Test
    void noRoomUsesOneAboveIt() {
        for (int floor = 0; floor < FLOORS.size() - 1; floor++) {
            String[] here = packages(FLOORS.subList(floor, floor + 1));
            String[] above = packages(FLOORS.subList(floor + 1, FLOORS.size()));
            noClasses()
                    .that()
                    .resideInAnyPackage(here)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(CLASSES);
        }
    }

    private static String[] packages(List<List<String>> floors) {
        return floors.stream()
                .flatMap(List::stream)
                .map(room -> "heed." + room + "..")
                .toArray(String[]::new);
    }

    @Test
    void roomsDoNotDependOnEachOtherInACircle() {
        slices().matching("heed.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void aLibraryIsSeenByOneRoom() {
        onlySeenBy("heed.kernel", "jdk.incubator.vector..");
        onlySeenBy("heed.text", "ai.djl..");
        onlySeenBy("heed.hub", "org.eclipse.aether..", "org.apache.maven..");
        onlySeenBy("heed.server", "io.helidon..");
        onlySeenBy("heed.serving", "io.micrometer..");
        onlySeenBy("heed.flink", "org.apache.flink..", "org.apache.kafka..");
        onlySeenBy("heed.cli", "picocli..", "me.tongfei..");
    }

    private static void onlySeenBy(String room, String... libraries) {
        assertThat(CLASSES)
                .as("classes of %s that use %s", room, List.of(libraries))
                .anyMatch(type -> type.getPackageName().startsWith(room)
                        && type.getDirectDependenciesFromSelf().stream()
                                .anyMatch(used -> Stream.of(libraries)
                                        .anyMatch(library -> used.getTargetClass()
                                                .getPackageName()
                                                .startsWith(library.replace("..", "")))));
        noClasses()
                .that()
                .resideOutsideOfPackage(room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandPrints() {
        assertThat(CLASSES).anyMatch(type -> type.getPackageName().equals("heed.cli"));
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES.that(DescribedPredicate.describe(
                "lie below the command", type -> !type.getPackageName().equals("heed.cli"))));
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(CLASSES.stream()
                        .filter(type -> type.getPackageName().startsWith("heed."))
                        .map(JavaClass::getPackage)
                        .collect(Collectors.toSet()))
                .hasSizeGreaterThanOrEqualTo(15)
                .allMatch(room -> room.isAnnotatedWith(NullMarked.class));
    }
}
