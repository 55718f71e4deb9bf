package heed.task;

import heed.generation.Steps;
import heed.model.DecodingSession;
import heed.tensor.Tensor;
import java.util.List;

/// A decoding session as strategies see it. Rows are moved only when they do not stay as they are.
record SessionSteps(DecodingSession session, List<int[]> prompts) implements Steps {
    @Override
    public Tensor begin() {
        return session.prefill(prompts);
    }

    @Override
    public Tensor step(int[] parents, int[] tokens) {
        if (!asBefore(parents)) {
            session.reorder(parents);
        }
        return session.step(tokens);
    }

    private boolean asBefore(int[] parents) {
        if (parents.length != session.sequences()) {
            return false;
        }
        for (int row = 0; row < parents.length; row++) {
            if (parents[row] != row) {
                return false;
            }
        }
        return true;
    }
}
