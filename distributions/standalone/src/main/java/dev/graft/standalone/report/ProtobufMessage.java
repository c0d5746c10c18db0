package dev.graft.standalone.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A protocol buffer message in its wire format: fields as they are added, each a number and a wire type, then its value
 * (Protocol Buffers documentation, "Encoding").
 */
final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ProtobufMessage number(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    ProtobufMessage number(int field, double value) {
        tag(field, FIXED64);
        bytes.writeBytes(little(Double.BYTES).putDouble(value).array());
        return this;
    }

    ProtobufMessage number(int field, float value) {
        tag(field, FIXED32);
        bytes.writeBytes(little(Float.BYTES).putFloat(value).array());
        return this;
    }

    ProtobufMessage text(int field, String value) {
        return block(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtobufMessage message(int field, ProtobufMessage value) {
        return block(field, value.toBytes());
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    private ProtobufMessage block(int field, byte[] value) {
        tag(field, LENGTH_DELIMITED);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    private void tag(int field, int wireType) {
        varint(((long) field << 3) | wireType);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
