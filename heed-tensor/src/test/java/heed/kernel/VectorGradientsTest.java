package heed.kernel;

import org.jspecify.annotations.NullMarked;

@NullMarked
class VectorGradientsTest implements GradientKernelsContract {
    @Override
    public GradientKernels gradients() {
        return new VectorGradients();
    }
}
