package dev.graft.standalone.command;

import dev.graft.spi.engine.DType;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the element types that weights are held in. */
final class FloatType implements ITypeConverter<DType> {
    private static final List<DType> ALLOWED = List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16);

    @Override
    public DType convert(String text) {
        return ALLOWED.stream()
                .filter(dtype -> name(dtype).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> new TypeConversionException("'" + text + "' is not one of float32, bfloat16, float16"));
    }

    static String name(DType dtype) {
        return dtype.name().toLowerCase(Locale.ROOT);
    }
}
