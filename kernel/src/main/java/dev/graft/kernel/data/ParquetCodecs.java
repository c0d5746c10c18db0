package dev.graft.kernel.data;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** The compressions that Parquet files use, without native code; for reading only. */
final class ParquetCodecs implements CompressionCodecFactory {
    /** Turns compressed bytes into this many. */
    @FunctionalInterface
    private interface Expansion {
        byte[] expand(byte[] compressed, int size) throws IOException;
    }

    private record Expander(Expansion expansion) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(expansion.expand(bytes.toInputStream().readAllBytes(), size));
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int size) throws IOException {
            byte[] compressed = new byte[compressedSize];
            input.get(compressed);
            output.put(expansion.expand(compressed, size));
        }

        @Override
        public void release() {
            // holds nothing
        }
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Expander(
                switch (codec) {
                    case UNCOMPRESSED -> (bytes, size) -> bytes;
                    case SNAPPY -> with(new SnappyDecompressor());
                    case ZSTD -> with(new ZstdDecompressor());
                    case LZ4_RAW -> with(new Lz4Decompressor());
                    case GZIP ->
                        (bytes, size) -> {
                            try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                                return stream.readNBytes(size);
                            }
                        };
                    case LZO, BROTLI, LZ4 ->
                        throw new IllegalArgumentException("its columns are compressed with " + codec
                                + "; what can be read is UNCOMPRESSED, SNAPPY, GZIP, ZSTD and LZ4_RAW");
                });
    }

    private static Expansion with(Decompressor decompressor) {
        return (bytes, size) -> {
            byte[] result = new byte[size];
            decompressor.decompress(bytes, 0, bytes.length, result, 0, size);
            return result;
        };
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("Parquet files are only read");
    }

    @Override
    public void release() {
        // holds nothing
    }
}
