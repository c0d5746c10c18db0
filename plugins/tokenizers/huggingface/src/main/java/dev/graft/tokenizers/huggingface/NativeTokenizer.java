package dev.graft.tokenizers.huggingface;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/**
 * Hugging Face's tokenizers library, by way of DJL's binding to it. The library comes with the binding's jar and is
 * unpacked once per machine; nothing is fetched from a network. Any number of threads may use a tokenizer; closing
 * waits for those that do.
 */
final class NativeTokenizer implements AutoCloseable {
    private static final String OFFLINE = "ai.djl.offline";
    private final ReentrantReadWriteLock uses = new ReentrantReadWriteLock();
    private long handle;

    private NativeTokenizer(long handle) {
        this.handle = handle;
    }

    /**
     * Reads a tokenizer.
     *
     * @param json what {@code tokenizer.json} holds
     * @throws RuntimeException if the library does not accept it, with the library's reason
     */
    static NativeTokenizer of(String json) {
        loadLibrary();
        return new NativeTokenizer(TokenizersLibrary.LIB.createTokenizerFromString(json));
    }

    /** Loads the library for the processor; without the property a machine with a GPU would be offered a download. */
    private static synchronized void loadLibrary() {
        String before = System.getProperty(OFFLINE);
        System.setProperty(OFFLINE, "true");
        try {
            LibUtils.checkStatus();
        } catch (RuntimeException | LinkageError e) {
            throw new ConfigurationException(
                    "the tokenizers library could not be unpacked or loaded (" + e.getMessage()
                            + "); it is unpacked below DJL_CACHE_DIR, by default the folder .djl.ai of the home"
                            + " directory, which must be writable",
                    e);
        } finally {
            if (before == null) {
                System.clearProperty(OFFLINE);
            } else {
                System.setProperty(OFFLINE, before);
            }
        }
    }

    /** Splits a text; offsets count UTF-16 units. */
    Encoding encode(String text, boolean special) {
        return use(open -> read(TokenizersLibrary.LIB.encode(open, text, special), text));
    }

    /** Splits a pair; offsets count the UTF-16 units of the text that the token's type names. */
    Encoding encode(String first, String second) {
        return use(open -> read(TokenizersLibrary.LIB.encodeDual(open, first, second, true), first, second));
    }

    /** Token types of a pair. */
    int[] types(String first, String second) {
        return use(open -> {
            long encoding = TokenizersLibrary.LIB.encodeDual(open, first, second, true);
            try {
                return integers(TokenizersLibrary.LIB.getTypeIds(encoding));
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        });
    }

    /** Puts ids together to a text. */
    String decode(int[] ids, boolean skipSpecial) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            wide[i] = ids[i];
        }
        return use(open -> TokenizersLibrary.LIB.decode(open, wide, skipSpecial));
    }

    private static Encoding read(long encoding, String... texts) {
        try {
            int[] ids = integers(TokenizersLibrary.LIB.getTokenIds(encoding));
            CharSpan[] spans = TokenizersLibrary.LIB.getTokenCharSpans(encoding);
            long[] sequences = TokenizersLibrary.LIB.getSequenceIds(encoding);
            Utf16Offsets[] offsets = Arrays.stream(texts).map(Utf16Offsets::of).toArray(Utf16Offsets[]::new);
            int[] starts = new int[ids.length];
            int[] ends = new int[ids.length];
            for (int i = 0; i < ids.length; i++) {
                if (spans[i] != null) {
                    Utf16Offsets inText = offsets[sequences[i] == 1 ? 1 : 0];
                    starts[i] = inText.unit(spans[i].getStart());
                    ends[i] = inText.unit(spans[i].getEnd());
                }
            }
            return new Encoding(ids, starts, ends);
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    private static int[] integers(long[] values) {
        int[] result = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = Math.toIntExact(values[i]);
        }
        return result;
    }

    private <T> T use(LongFunction<T> work) {
        Lock lock = uses.readLock();
        lock.lock();
        try {
            if (handle == 0) {
                throw new IllegalStateException("the tokenizer is closed");
            }
            return work.apply(handle);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Lock lock = uses.writeLock();
        lock.lock();
        try {
            if (handle != 0) {
                TokenizersLibrary.LIB.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            lock.unlock();
        }
    }
}
