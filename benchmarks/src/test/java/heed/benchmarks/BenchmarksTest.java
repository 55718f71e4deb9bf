package heed.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Benchmarks that nobody runs for a while should still run when somebody does.
class BenchmarksTest {
    @Test
    void everyRowBenchmarkRuns() {
        RowBenchmark rows = new RowBenchmark();
        rows.n = 37;
        rows.prepare();
        assertThat(rows.softmax()).hasSize(37);
        assertThat(rows.exp()).doesNotContain(0f);
        assertThat(rows.gelu()).hasSize(37);
        assertThat(rows.geluTanh()).hasSize(37);
        assertThat(rows.layerNorm()).hasSize(37);
        assertThat(rows.dot()).isNotZero();
    }

    @Test
    void productsAttentionAndDispatchRun() {
        ProductBenchmark product = new ProductBenchmark();
        product.shape = "5,7,3";
        product.threads = 2;
        product.prepare();
        assertThat(product.multiply()).hasSizeGreaterThanOrEqualTo(35);
        product.close();

        AttentionBenchmark attention = new AttentionBenchmark();
        attention.n = 11;
        attention.causal = true;
        attention.threads = 2;
        attention.prepare();
        assertThat(attention.attend()).hasSizeGreaterThanOrEqualTo(11 * 12 * 64);
        attention.close();

        DispatchBenchmark dispatch = new DispatchBenchmark();
        dispatch.threads = 2;
        dispatch.tasks = 3;
        dispatch.prepare();
        assertThat(dispatch.run()[32]).isEqualTo(1);
        dispatch.close();
    }
}
