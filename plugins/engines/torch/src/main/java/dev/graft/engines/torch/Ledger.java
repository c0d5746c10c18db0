package dev.graft.engines.torch;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Keeps account of the handles an engine gave out, and of everything native that an operation makes on its way: what
 * is not kept is freed when the operation ends.
 */
final class Ledger {
    private final AtomicLong arrays = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();

    /**
     * Runs one operation. Native objects made inside are freed at its end, but for those that {@link #keep} took.
     *
     * @param operation its name, for messages
     * @throws IllegalArgumentException if libtorch refuses, with libtorch's first line
     */
    <T> T run(String operation, Supplier<T> body) {
        try (PointerScope scope = new PointerScope()) {
            return body.get();
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException own) {
            throw own;
        } catch (RuntimeException refused) {
            throw new IllegalArgumentException(operation + ": " + firstLine(refused), refused);
        }
    }

    /** Runs an operation without a result, as {@link #run}. */
    void act(String operation, Runnable body) {
        run(operation, () -> {
            body.run();
            return null;
        });
    }

    /** Runs an operation whose result is one new array. */
    TorchArray array(String operation, Supplier<Tensor> body) {
        return run(operation, () -> keep(body.get()));
    }

    /** Runs an operation whose result may share the elements of {@code source}. */
    TorchArray view(String operation, TorchArray source, Supplier<Tensor> body) {
        return run(operation, () -> {
            Tensor result = body.get();
            boolean shares = result.is_alias_of(source.tensor());
            return shares ? keep(result, source.memory(), source.storage()) : keep(result);
        });
    }

    /** Turns a tensor made inside {@link #run} into a handle that outlives the operation. */
    TorchArray keep(Tensor tensor) {
        return keep(tensor, null, new Storage(this, tensor.numel() * tensor.element_size()));
    }

    /** As {@link #keep(Tensor)}, for elements in memory that {@code memory} holds and keeps alive. */
    TorchArray wrap(Tensor tensor, Object memory) {
        return keep(tensor, memory, new Storage(this, 0));
    }

    private TorchArray keep(Tensor tensor, Object memory, Storage storage) {
        tensor.retainReference();
        storage.retain();
        TorchArray array = new TorchArray(this, tensor, memory, storage);
        arrays.incrementAndGet();
        bytes.addAndGet(array.bytes());
        return array;
    }

    /** Notes that memory was taken. */
    void took(long size) {
        long now = held.addAndGet(size);
        if (now > peak.get()) {
            peak.accumulateAndGet(now, Math::max);
        }
    }

    /** Notes that memory was given back. */
    void gave(long size) {
        held.addAndGet(-size);
    }

    /** Takes a tensor that something other than an array holds on to into account; freed by {@link #letGo}. */
    Tensor hold(Tensor tensor, long size) {
        tensor.retainReference();
        arrays.incrementAndGet();
        bytes.addAndGet(size);
        took(size);
        return tensor;
    }

    /** Frees what {@link #hold} took. */
    void letGo(Tensor tensor, long size) {
        gave(size);
        release(tensor, size);
    }

    /** Frees the handle of an array. */
    void release(Tensor tensor, long size) {
        tensor.releaseReference();
        arrays.decrementAndGet();
        bytes.addAndGet(-size);
    }

    /** Number of handles given out and not yet closed. */
    long liveArrays() {
        return arrays.get();
    }

    /** Number of bytes behind them, shared elements counted once per handle. */
    long liveBytes() {
        return bytes.get();
    }

    /** Most bytes that were held at once, shared elements counted once. */
    long peakBytes() {
        return peak.get();
    }

    private static String firstLine(RuntimeException exception) {
        String message = String.valueOf(exception.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
