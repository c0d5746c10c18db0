package dev.graft.standalone.command;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes such as {@code 5GB} or {@code 500MiB} as numbers of bytes. */
final class ByteSize implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kmgt]?i?b?)");
    private static final Map<String, Double> UNITS = Map.of(
            "", 1.0, "k", 1e3, "m", 1e6, "g", 1e9, "t", 1e12, "ki", 1024.0, "mi", 0x1p20, "gi", 0x1p30, "ti", 0x1p40);

    @Override
    public Long convert(String text) {
        Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        Double unit = size.matches() ? UNITS.get(size.group(2).replaceAll("b$", "")) : null;
        double bytes = unit == null ? 0 : Double.parseDouble(size.group(1)) * unit;
        if (bytes < 1 || bytes > Long.MAX_VALUE) {
            throw new TypeConversionException(
                    "'" + text + "' is not a size; allowed are numbers above 0 with a unit, such as 500MB or 5GB");
        }
        return (long) bytes;
    }
}
