package dev.graft.engines.torch;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.FrozenMatrix;
import org.bytedeco.pytorch.Tensor;

/**
 * A frozen weight in the blocked layout of oneDNN's matrix kernel, once for {@code x W^T} and, from the first backward
 * pass on, once more for {@code gradient W}. Weights whose type oneDNN has no kernel for stay as they are.
 */
final class PackedMatrix implements FrozenMatrix {
    private final Ledger ledger;
    private final long inputs;
    private final long outputs;
    private final DType dtype;
    private final boolean packed;
    private final Tensor forward;
    private Tensor backward;
    private boolean closed;

    private PackedMatrix(Ledger ledger, long inputs, long outputs, DType dtype, boolean packed, Tensor forward) {
        this.ledger = ledger;
        this.inputs = inputs;
        this.outputs = outputs;
        this.dtype = dtype;
        this.packed = packed;
        this.forward = ledger.hold(forward, bytes());
    }

    /** Packs a weight {@code [out, in]}; call inside {@link Ledger#run}. */
    static PackedMatrix of(Ledger ledger, Tensor weight, DType dtype) {
        long outputs = weight.size(0);
        long inputs = weight.size(1);
        boolean packed = (dtype == DType.FLOAT32 || dtype == DType.BFLOAT16) && weight.numel() > 0;
        Tensor form = packed ? Aten.pack(weight.contiguous()) : weight.clone();
        return new PackedMatrix(ledger, inputs, outputs, dtype, packed, form);
    }

    /** {@code x W^T + bias} for {@code x} of the weight's dtype; call inside {@link Ledger#run}. */
    Tensor multiply(Tensor x, Tensor bias) {
        checkOpen();
        if (packed) {
            return Aten.linear(x, forward, bias);
        }
        Tensor product = x.matmul(forward.t());
        return bias == null ? product : product.add_(bias);
    }

    /** {@code gradient W} for a gradient of the weight's dtype; call inside {@link Ledger#run}. */
    Tensor multiplyTransposed(Tensor gradient) {
        checkOpen();
        return packed ? Aten.linear(gradient, transposed(), null) : gradient.matmul(forward);
    }

    /** The weight {@code [out, in]} in plain layout; call inside {@link Ledger#run}. */
    Tensor dense() {
        checkOpen();
        return packed ? Aten.unpack(forward) : forward;
    }

    /** Whether {@link #dense} gives the elements themselves and no copy. */
    boolean sharesDense() {
        return !packed;
    }

    private synchronized Tensor transposed() {
        if (backward == null) {
            backward = Aten.lasting(Aten.pack(Aten.unpack(forward).t().contiguous()));
            ledger.took(bytes());
        }
        return backward;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "a frozen matrix of shape [" + outputs + ", " + inputs + "] is used after it was closed");
        }
    }

    private long bytes() {
        return inputs * outputs * dtype.bytes();
    }

    @Override
    public long inputs() {
        return inputs;
    }

    @Override
    public long outputs() {
        return outputs;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            ledger.letGo(forward, bytes());
            if (backward != null) {
                backward.releaseReference();
                ledger.gave(bytes());
            }
        }
    }
}
