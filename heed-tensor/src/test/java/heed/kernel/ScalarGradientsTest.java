package heed.kernel;

import org.jspecify.annotations.NullMarked;

@NullMarked
class ScalarGradientsTest implements GradientKernelsContract {
    @Override
    public GradientKernels gradients() {
        return new ScalarGradients();
    }
}
