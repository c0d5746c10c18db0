package dev.graft.spi.engine;

/** Element types that arrays, tensors and safetensors files share. */
public enum DType {
    /** IEEE 754 double precision; used to check gradients. */
    FLOAT64("F64", 8, true),
    /** IEEE 754 single precision. */
    FLOAT32("F32", 4, true),
    /** Brain floating point: 8 exponent bits, 7 fraction bits. */
    BFLOAT16("BF16", 2, true),
    /** IEEE 754 half precision. */
    FLOAT16("F16", 2, true),
    /** Signed 64-bit integer: token ids, positions, labels. */
    INT64("I64", 8, false),
    /** Signed 32-bit integer. */
    INT32("I32", 4, false),
    /** Signed 8-bit integer. */
    INT8("I8", 1, false),
    /** Unsigned byte; also the carrier of packed 4-bit codes. */
    UINT8("U8", 1, false),
    /** One byte per truth value. */
    BOOL("BOOL", 1, false);

    private final String safetensorsName;
    private final int bytes;
    private final boolean floating;

    DType(String safetensorsName, int bytes, boolean floating) {
        this.safetensorsName = safetensorsName;
        this.bytes = bytes;
        this.floating = floating;
    }

    /** The name used in a safetensors header, for instance {@code BF16}. */
    public String safetensorsName() {
        return safetensorsName;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements are floating-point numbers, the only ones that can carry a gradient. */
    public boolean isFloating() {
        return floating;
    }
}
