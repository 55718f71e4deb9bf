package heed.checkpoint;

import org.jspecify.annotations.Nullable;

/// The number formats that checkpoints store, with their names in safetensors.
public enum DType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /// The type that safetensors calls so, or null when it is none of these.
    static @Nullable DType named(String name) {
        for (DType dtype : values()) {
            if (dtype.name().equals(name)) {
                return dtype;
            }
        }
        return null;
    }

    /// Bytes of one value.
    public int bytes() {
        return bytes;
    }

    public boolean floating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }
}
