package heed.attention;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Which rooms of this module may use which. The module itself may use what its `module-info` says.
class ArchitectureTest {
    private static final JavaClasses CLASSES = imported();

    /// A rule that sees too few classes would hold whatever they did.
    private static JavaClasses imported() {
        JavaClasses classes = new ClassFileImporter()
                .importUrl(Attention.class.getProtectionDomain().getCodeSource().getLocation());
        assertThat(classes).hasSizeGreaterThanOrEqualTo(30);
        return classes;
    }

    @Test
    void everyRoomOfThisModuleIsSeen() {
        assertThat(CLASSES)
                .extracting(JavaClass::getPackageName)
                .contains("heed.attention", "heed.layer", "heed.pass", "heed.position", "heed.stack", "heed.recurrent");
        assertThat(CLASSES).extracting(JavaClass::getSimpleName).doesNotContain("ArchitectureTest");
    }

    @Test
    void packagesDoNotDependOnEachOtherInACircle() {
        slices().matching("heed.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void attentionUsesOnlyWhatLiesBelowIt() {
        noClasses()
                .that()
                .resideInAPackage("heed.attention..")
                .should()
                .dependOnClassesThat(
                        DescribedPredicate.describe(
                                "lie above it or beside it",
                                (JavaClass used) -> used.getPackageName().startsWith("heed.")
                                        && !used.getPackageName()
                                                .matches(
                                                        "heed\\.(attention|layer|pass|position|tensor|autograd|kernel)(\\..*)?")))
                .check(CLASSES);
    }

    @Test
    void layersAndPassesKnowNoAttention() {
        noClasses()
                .that()
                .resideInAnyPackage("heed.layer..", "heed.pass..", "heed.position..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("heed.attention..", "heed.stack..")
                .check(CLASSES);
    }

    @Test
    void onlyTheKernelsUseTheVectorApi() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(CLASSES);
    }

    @Test
    void nothingIsPrinted() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(CLASSES.stream().map(JavaClass::getPackage).collect(Collectors.toSet()))
                .hasSizeGreaterThanOrEqualTo(5)
                .allMatch(room -> room.isAnnotatedWith(NullMarked.class));
    }
}
