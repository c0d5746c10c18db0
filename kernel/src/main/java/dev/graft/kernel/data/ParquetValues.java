package dev.graft.kernel.data;

import dev.graft.spi.config.ConfigurationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** Values of a Parquet record as strings, numbers, truth values, lists and maps. */
final class ParquetValues {
    private ParquetValues() {}

    /** The fields of a group by name; absent ones are null. */
    static Map<String, Object> map(Group group, String source) {
        Map<String, Object> fields = new LinkedHashMap<>();
        GroupType type = group.getType();
        for (int i = 0; i < type.getFieldCount(); i++) {
            fields.put(type.getFieldName(i), field(group, i, source));
        }
        return fields;
    }

    private static Object field(Group group, int index, String source) {
        Type type = group.getType().getType(index);
        int count = group.getFieldRepetitionCount(index);
        if (type.isRepetition(Type.Repetition.REPEATED)) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(value(group, index, i, source));
            }
            return values;
        }
        return count == 0 ? null : value(group, index, 0, source);
    }

    private static Object value(Group group, int index, int repetition, String source) {
        Type type = group.getType().getType(index);
        if (type.isPrimitive()) {
            return primitive(group, index, repetition, type.asPrimitiveType(), source);
        }
        Group inner = group.getGroup(index, repetition);
        if (type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
            return list(inner, source);
        }
        return type.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation
                ? entries(inner, source)
                : map(inner, source);
    }

    /** A list is a group with one repeated field, which holds the element or a group with nothing but it. */
    private static List<Object> list(Group list, String source) {
        List<Object> elements = new ArrayList<>();
        Type repeated = list.getType().getType(0);
        boolean wrapped = !repeated.isPrimitive() && repeated.asGroupType().getFieldCount() == 1;
        for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
            elements.add(wrapped ? field(list.getGroup(0, i), 0, source) : value(list, 0, i, source));
        }
        return elements;
    }

    private static Map<String, Object> entries(Group map, String source) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
            Group entry = map.getGroup(0, i);
            entries.put(String.valueOf(field(entry, 0, source)), field(entry, 1, source));
        }
        return entries;
    }

    private static Object primitive(Group group, int index, int repetition, PrimitiveType type, String source) {
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> group.getBoolean(index, repetition);
            case INT32 -> group.getInteger(index, repetition);
            case INT64 -> group.getLong(index, repetition);
            case FLOAT -> (double) group.getFloat(index, repetition);
            case DOUBLE -> group.getDouble(index, repetition);
            case BINARY -> group.getBinary(index, repetition).toStringUsingUTF8();
            case INT96, FIXED_LEN_BYTE_ARRAY ->
                throw new ConfigurationException(source + ": column '" + type.getName()
                        + "' has the type " + type.getPrimitiveTypeName()
                        + "; what can be read is text, numbers, truth values, lists, maps and structures");
        };
    }
}
