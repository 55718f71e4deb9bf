package heed.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import heed.tensor.Compute;
import heed.tensor.Tensor;
import heed.testing.Edit;
import heed.testing.Recorder;
import heed.testing.Setting;
import org.junit.jupiter.api.Test;

class PassTest {
    private static final Compute COMPUTE = Setting.scalar().compute();

    @Test
    void nobodyWatchesAnUnwatchedPass() {
        Pass pass = Pass.unwatched(COMPUTE);
        Tensor value = Tensor.zeros(2, 3);

        for (Point point : Point.values()) {
            assertThat(pass.wants(point)).isFalse();
            assertThat(pass.see(point, value)).isSameAs(value);
        }
    }

    @Test
    void aWatchIsShownOnlyWhatItWants() {
        Recorder recorder = new Recorder(Point.QUERY);
        Pass pass = Pass.watched(COMPUTE, recorder).at(Site.encoder(7));
        Tensor value = Tensor.zeros(2, 3);

        assertThat(pass.see(Point.QUERY, value)).isSameAs(value);
        assertThat(pass.see(Point.KEY, value)).isSameAs(value);
        assertThat(pass.see(Point.QUERY, 5, value)).isSameAs(value);

        assertThat(recorder.sightings()).extracting(Recorder.Sighting::site).containsOnly(Site.encoder(7));
        assertThat(recorder.sightings()).extracting(Recorder.Sighting::sequence).containsExactly(-1, 5);
    }

    @Test
    void aPassStartsAtTheEmbeddingsOfAnEncoder() {
        assertThat(Pass.unwatched(COMPUTE).site()).isEqualTo(new Site(Site.Stack.ENCODER, -1));
    }

    @Test
    void movingOnKeepsTheWatchAndTheOperations() {
        Recorder recorder = new Recorder();
        Pass here = Pass.watched(COMPUTE, recorder);
        Pass there = here.at(Site.encoder(3));

        assertThat(there).isEqualTo(new Pass(COMPUTE, recorder, Site.encoder(3)));
        assertThat(here.site()).isEqualTo(Site.encoder(-1));
    }

    @Test
    void anEditedValueGoesOn() {
        Tensor other = Tensor.zeros(2, 3);
        Pass pass = Pass.watched(COMPUTE, new Edit(Point.VALUE, value -> other));

        assertThat(pass.see(Point.VALUE, Tensor.zeros(2, 3))).isSameAs(other);
    }

    @Test
    void anEditOfAnotherShapeIsNamedWithItsPlace() {
        Pass pass =
                Pass.watched(COMPUTE, new Edit(Point.VALUE, Tensor::transpose)).at(Site.encoder(2));

        assertThatIllegalStateException()
                .isThrownBy(() -> pass.see(Point.VALUE, Tensor.zeros(2, 3)))
                .withMessage(
                        "the watch returned [3, 2] for VALUE at Site[stack=ENCODER, layer=2], the pass needs [2, 3]");
    }

    @Test
    void onlyScoresAndWeightsArePairs() {
        assertThat(Point.values()).filteredOn(Point::ofPairs).containsExactly(Point.SCORES, Point.WEIGHTS);
    }
}
