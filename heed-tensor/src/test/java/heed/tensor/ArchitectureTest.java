package heed.tensor;

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
                .importUrl(Tensor.class.getProtectionDomain().getCodeSource().getLocation());
        assertThat(classes).hasSizeGreaterThanOrEqualTo(14);
        return classes;
    }

    @Test
    void everyRoomOfThisModuleIsSeen() {
        assertThat(CLASSES).extracting(JavaClass::getPackageName).contains("heed.kernel", "heed.tensor");
        assertThat(CLASSES).extracting(JavaClass::getSimpleName).doesNotContain("ArchitectureTest");
    }

    @Test
    void packagesDoNotDependOnEachOtherInACircle() {
        slices().matching("heed.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void kernelsUseNothingElseOfHeed() {
        noClasses()
                .that()
                .resideInAPackage("heed.kernel..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "belong to Heed and are no kernels",
                        (JavaClass used) -> used.getPackageName().startsWith("heed.")
                                && !used.getPackageName().startsWith("heed.kernel")))
                .check(CLASSES);
    }

    @Test
    void onlyTheKernelsUseTheVectorApi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("heed.kernel..")
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
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(room -> room.isAnnotatedWith(NullMarked.class));
    }
}
