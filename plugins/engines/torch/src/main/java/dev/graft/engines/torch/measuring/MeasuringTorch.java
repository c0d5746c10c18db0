package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.MeasuringEngine;
import java.util.OptionalLong;

/** Counts the bytes that the torch engine would hold, operation by operation. For one thread. */
public final class MeasuringTorch
        implements MeasuringEngine,
                MeasuredCreation,
                MeasuredElementwise,
                MeasuredReductions,
                MeasuredMatrices,
                MeasuredIndexing,
                MeasuredNormalization,
                MeasuredAttention,
                MeasuredLosses {
    /** The Java machine with its heap, libtorch and MKL after a step on next to nothing, as measured on Linux. */
    private static final long PROGRAM = 327L << 20;

    /**
     * What the C library takes from the system for every byte that comes and goes within a step, as measured with glibc
     * under the launcher's settings: freed memory is kept, and gaps stay between arrays. It was 1.7 after three steps and
     * grew with their number, to between 2.4 and 3 after two dozen; this is between.
     */
    private static final double KEPT = 2.1;

    private final Account account = new Account();

    @Override
    public Account account() {
        return account;
    }

    @Override
    public String id() {
        return "torch";
    }

    @Override
    public String describe() {
        return "libtorch's sizes without libtorch";
    }

    @Override
    public void adamW(Array parameter, Array gradient, Array firstMoment, Array secondMoment, AdamW settings) {
        account.scratch(parameter.bytes());
    }

    @Override
    public long programBytes() {
        return PROGRAM;
    }

    @Override
    public long residentBytes() {
        long lasting = account.bytes();
        return lasting + Math.round(KEPT * (account.peakWithScratch() - lasting));
    }

    @Override
    public OptionalLong peakBytes() {
        return OptionalLong.of(account.peak());
    }

    @Override
    public long liveArrays() {
        return account.arrays();
    }

    @Override
    public long liveBytes() {
        return account.bytes();
    }

    @Override
    public void close() {
        // There is nothing to free.
    }
}
