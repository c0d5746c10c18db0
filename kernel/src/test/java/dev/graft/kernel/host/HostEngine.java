package dev.graft.kernel.host;

/**
 * An engine in plain Java, complete and slow. Every operation computes in double precision and rounds its result to the
 * dtype once, so it is the reference for engines and, in float64, for gradients. It refuses closed handles and mixed
 * dtypes. Integers are exact up to 2^53.
 */
public final class HostEngine
        implements HostCreation,
                HostElementwise,
                HostReductions,
                HostMatrices,
                HostIndexing,
                HostNormalization,
                HostAttention,
                HostLosses,
                HostUpdates {
    private final Ledger ledger = new Ledger();

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public String id() {
        return "host";
    }

    @Override
    public String describe() {
        return "plain Java loops on the JVM's heap";
    }

    @Override
    public long liveArrays() {
        return ledger.arrays();
    }

    @Override
    public long liveBytes() {
        return ledger.bytes();
    }

    @Override
    public void close() {}
}
