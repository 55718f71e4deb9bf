package heed.pass;

import heed.tensor.Tensor;

/// Someone who watches a pass, and may edit what it sees. The one door through which attention is made visible:
/// layers offer their values, a watch takes what it asked for.
///
/// A tensor that is shown is valid only during the call; copy it to keep it.
public interface Watch {
    /// Nobody watches.
    Watch NONE = new Watch() {
        @Override
        public boolean wants(Site site, Point point) {
            return false;
        }

        @Override
        public Tensor see(Site site, Point point, int sequence, Tensor value) {
            return value;
        }
    };

    /// Whether [#see] is to be called. Asking for a point of pairs makes the attention there build its weights.
    boolean wants(Site site, Point point);

    /// Shows a value and returns the one to go on with: the same, or an edited one of the same shape.
    ///
    /// @param sequence the sequence that a matrix of pairs belongs to; `-1` for values of the whole batch
    Tensor see(Site site, Point point, int sequence, Tensor value);
}
