package dev.graft.engines.torch;

import dev.graft.spi.engine.Engine;
import java.util.OptionalLong;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;

/**
 * An engine on libtorch's CPU operators. Each family of operations lives in an interface of its own; what they share is
 * the {@link Ledger}. libtorch's autograd is not used.
 */
public final class TorchEngine
        implements Engine,
                TorchCreation,
                TorchElementwise,
                TorchReductions,
                TorchMatrices,
                TorchIndexing,
                TorchNormalization,
                TorchAttention,
                TorchLosses,
                TorchUpdates {
    private final Ledger ledger = new Ledger();

    private TorchEngine() {}

    /**
     * Loads libtorch and starts an engine. The number of threads is libtorch's, and so common to all engines of a
     * process.
     *
     * @throws IllegalStateException if libtorch cannot be loaded
     */
    public static TorchEngine start(TorchOptions options) {
        Natives.load(options.blas());
        if (options.threads() != null) {
            torch.set_num_threads(options.threads());
        }
        return new TorchEngine();
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public String id() {
        return "torch";
    }

    @Override
    public String describe() {
        return "libtorch on the CPU (" + torch.get_cpu_capability().getString() + "), " + torch.get_num_threads()
                + " threads, oneDNN " + torch.get_mkldnn_version().getString() + ", " + Natives.blas();
    }

    @Override
    public long liveArrays() {
        return ledger.liveArrays();
    }

    @Override
    public long liveBytes() {
        return ledger.liveBytes();
    }

    @Override
    public OptionalLong peakBytes() {
        return OptionalLong.of(ledger.peakBytes());
    }

    @Override
    public void releaseUnused() {
        Pointer.trimMemory();
    }

    @Override
    public void close() {
        // Arrays belong to whoever holds them, and libtorch stays loaded for the life of the process.
    }
}
