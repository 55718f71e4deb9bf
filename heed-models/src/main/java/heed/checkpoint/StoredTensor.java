package heed.checkpoint;

/// A tensor in mapped memory: what is said of it, and how its values are read.
record StoredTensor(TensorInfo info, StoredValues values) {}
