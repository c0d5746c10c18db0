package dev.graft.engines.torch;

import dev.graft.spi.engine.DType;
import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types in libtorch's terms. */
final class DTypes {
    private static final Map<DType, TensorOptions> OPTIONS = new EnumMap<>(DType.class);
    private static final Map<DType, ScalarTypeOptional> OPTIONALS = new EnumMap<>(DType.class);

    static {
        for (DType dtype : DType.values()) {
            ScalarTypeOptional optional = new ScalarTypeOptional(torch(dtype));
            TensorOptions options = new TensorOptions().dtype(optional);
            // These live as long as the class, whatever scope was open when it was first used.
            optional.retainReference();
            options.retainReference();
            OPTIONALS.put(dtype, optional);
            OPTIONS.put(dtype, options);
        }
    }

    private DTypes() {}

    /** libtorch's name for an element type. */
    static ScalarType torch(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> ScalarType.Double;
            case FLOAT32 -> ScalarType.Float;
            case BFLOAT16 -> ScalarType.BFloat16;
            case FLOAT16 -> ScalarType.Half;
            case INT64 -> ScalarType.Long;
            case INT32 -> ScalarType.Int;
            case INT8 -> ScalarType.Char;
            case UINT8 -> ScalarType.Byte;
            case BOOL -> ScalarType.Bool;
        };
    }

    /** The element type of that name. */
    static DType of(ScalarType type) {
        // What comes out of native code is not yet the constant that a switch compares with.
        return switch (type.intern()) {
            case Double -> DType.FLOAT64;
            case Float -> DType.FLOAT32;
            case BFloat16 -> DType.BFLOAT16;
            case Half -> DType.FLOAT16;
            case Long -> DType.INT64;
            case Int -> DType.INT32;
            case Char -> DType.INT8;
            case Byte -> DType.UINT8;
            case Bool -> DType.BOOL;
            default -> throw new IllegalStateException("libtorch returned elements of type " + type);
        };
    }

    /** Options for a new tensor of an element type. */
    static TensorOptions options(DType dtype) {
        return OPTIONS.get(dtype);
    }

    /** The element type as an optional argument. */
    static ScalarTypeOptional optional(DType dtype) {
        return OPTIONALS.get(dtype);
    }

    /** Whether sums of elements need a wider type. */
    static boolean isHalf(DType dtype) {
        return dtype == DType.BFLOAT16 || dtype == DType.FLOAT16;
    }

    /** The type in which to do arithmetic that needs single precision at least. */
    static DType atLeastSingle(DType dtype) {
        return dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }
}
