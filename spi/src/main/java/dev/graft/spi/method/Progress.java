package dev.graft.spi.method;

/**
 * How far a training run has come.
 *
 * @param step optimizer steps done
 * @param totalSteps optimizer steps planned
 * @param epoch passes over the data done, with their fraction
 * @param totalEpochs passes planned, with their fraction
 */
public record Progress(long step, long totalSteps, double epoch, double totalEpochs) {
    /** The share of planned steps that is done, from 0 to 1. */
    public double fraction() {
        return totalSteps == 0 ? 0 : (double) step / totalSteps;
    }
}
