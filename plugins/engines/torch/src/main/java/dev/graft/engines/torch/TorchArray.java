package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.pytorch.Tensor;

/** A handle to a libtorch tensor that its {@link Ledger} counts. */
final class TorchArray implements Array {
    private final Ledger ledger;
    private final Tensor tensor;
    private final Shape shape;
    private final DType dtype;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Whatever must stay reachable while the elements are in use: a mapped buffer, or null. */
    private final Object memory;

    private final Storage storage;

    TorchArray(Ledger ledger, Tensor tensor, Object memory, Storage storage) {
        this.ledger = ledger;
        this.tensor = tensor;
        this.memory = memory;
        this.storage = storage;
        long[] sizes = new long[(int) tensor.dim()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = tensor.size(i);
        }
        this.shape = Shape.of(sizes);
        this.dtype = DTypes.of(tensor.scalar_type());
    }

    /**
     * The array as this engine's own.
     *
     * @throws IllegalArgumentException if it belongs to another engine
     */
    static TorchArray of(Array array) {
        if (array instanceof TorchArray own) {
            return own;
        }
        throw new IllegalArgumentException(
                array == null
                        ? "null was given where the torch engine needs an array"
                        : "an array of " + array.getClass().getName() + " was given to the torch engine");
    }

    /** The tensor behind an array. */
    static Tensor tensor(Array array) {
        return of(array).tensor();
    }

    /** The elements of an array in a type: the tensor behind it where it has that type, without a native call. */
    static Tensor tensor(Array array, DType dtype) {
        Tensor tensor = tensor(array);
        return array.dtype() == dtype ? tensor : tensor.to(DTypes.torch(dtype));
    }

    /**
     * The tensor behind this handle.
     *
     * @throws IllegalStateException if the handle was closed
     */
    Tensor tensor() {
        if (closed.get()) {
            throw new IllegalStateException("an array of shape " + shape + " is used after it was closed");
        }
        return tensor;
    }

    /** Whatever must stay reachable while the elements are in use, or null. */
    Object memory() {
        return memory;
    }

    /** The account of the memory behind this handle. */
    Storage storage() {
        return storage;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            ledger.release(tensor, bytes());
            storage.release();
        }
    }

    @Override
    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public String toString() {
        return dtype + shape.toString() + (closed.get() ? " (closed)" : "");
    }
}
