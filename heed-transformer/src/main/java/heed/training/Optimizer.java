package heed.training;

import heed.autograd.Parameter;

/// How parameters follow their gradients.
public sealed interface Optimizer {
    /// How many numbers the optimiser remembers for each parameter.
    int moments();

    /// Adam (Kingma and Ba 2015), its decay added to the gradient.
    record Adam(double beta1, double beta2, double eps, double decay) implements Optimizer {
        @Override
        public int moments() {
            return 2;
        }
    }

    /// Adam with the decay apart from the gradient (Loshchilov and Hutter 2019).
    record AdamW(double beta1, double beta2, double eps, double decay) implements Optimizer {
        @Override
        public int moments() {
            return 2;
        }
    }

    /// Stochastic gradient descent with momentum, as PyTorch writes it: `m = momentum · m + g`, `x -= rate ·
    /// m`.
    record Sgd(double momentum, double decay) implements Optimizer {
        @Override
        public int moments() {
            return 1;
        }
    }

    double decay();

    /// Decay pulls matrices to zero, but not gains and biases: those are vectors, and small ones do not make a
    /// simpler model.
    static boolean decays(Parameter parameter) {
        return parameter.value().shape().rank() > 1;
    }
}
