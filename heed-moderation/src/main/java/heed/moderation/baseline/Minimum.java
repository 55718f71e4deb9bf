package heed.moderation.baseline;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/// Where a smooth convex function is least, by L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5): steps
/// along the gradient, turned by what the last ten steps told of the curvature.
///
/// @param mostSteps gives up, with the best point so far, after so many
/// @param precision the greatest part of a gradient that counts as none, beside 1 or the greatest of the first
record Minimum(int mostSteps, double precision) {
    private static final int REMEMBERED = 10;
    private static final double ENOUGH = 1e-4; // of the fall that the slope promises (Armijo)
    private static final int MOST_HALVINGS = 40;

    /// A function and its slope.
    interface Function {
        /// @param gradient is overwritten
        double at(double[] point, double[] gradient);
    }

    /// What one step told: how the point changed, how the gradient did, and `1 / (point · gradient)`.
    private record Step(double[] moved, double[] turned, double inverse) {}

    /// @param width numbers of a point
    double[] of(Function function, int width) {
        double[] point = new double[width];
        double[] gradient = new double[width];
        double value = function.at(point, gradient);
        double enough = precision * Math.max(1, greatest(gradient));
        Deque<Step> steps = new ArrayDeque<>();
        for (int n = 0; n < mostSteps && greatest(gradient) > enough; n++) {
            double[] direction = direction(gradient, steps);
            double slope = dot(direction, gradient);
            double length = steps.isEmpty() ? Math.min(1, 1 / greatest(gradient)) : 1;
            double[] next = new double[width];
            double[] nextGradient = new double[width];
            double lower = Double.POSITIVE_INFINITY;
            for (int half = 0; half < MOST_HALVINGS && !(lower <= value + ENOUGH * length * slope); half++) {
                length = half == 0 ? length : length / 2;
                for (int i = 0; i < width; i++) {
                    next[i] = point[i] + length * direction[i];
                }
                lower = function.at(next, nextGradient);
            }
            if (!(lower < value)) {
                return point; // as low as doubles tell
            }
            remember(steps, point, next, gradient, nextGradient);
            point = next;
            gradient = nextGradient;
            value = lower;
        }
        return point;
    }

    private static void remember(
            Deque<Step> steps, double[] point, double[] next, double[] gradient, double[] nextGradient) {
        double[] moved = new double[point.length];
        double[] turned = new double[point.length];
        for (int i = 0; i < point.length; i++) {
            moved[i] = next[i] - point[i];
            turned[i] = nextGradient[i] - gradient[i];
        }
        double along = dot(moved, turned);
        if (along > 0) { // as it is of a convex function, but for rounding
            steps.addFirst(new Step(moved, turned, 1 / along));
            if (steps.size() > REMEMBERED) {
                steps.removeLast();
            }
        }
    }

    /// The two loops of algorithm 7.4, from the newest step to the oldest and back.
    private static double[] direction(double[] gradient, Deque<Step> steps) {
        double[] q = Arrays.stream(gradient).map(x -> -x).toArray();
        double[] shares = new double[steps.size()];
        int at = 0;
        for (Step step : steps) {
            shares[at] = step.inverse * dot(step.moved, q);
            add(-shares[at++], step.turned, q);
        }
        if (!steps.isEmpty()) {
            Step newest = steps.getFirst();
            double scale = 1 / (newest.inverse * dot(newest.turned, newest.turned));
            for (int i = 0; i < q.length; i++) {
                q[i] *= scale;
            }
        }
        for (Iterator<Step> oldest = steps.descendingIterator(); oldest.hasNext(); ) {
            Step step = oldest.next();
            double share = step.inverse * dot(step.turned, q);
            add(shares[--at] - share, step.moved, q);
        }
        return q;
    }

    private static void add(double factor, double[] x, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * x[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double greatest(double[] x) {
        double most = 0;
        for (double value : x) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }
}
