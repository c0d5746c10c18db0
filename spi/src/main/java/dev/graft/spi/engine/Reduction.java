package dev.graft.spi.engine;

/** Ways to fold axes away. The sum of no elements is 0, their mean NaN, and their extremum an error. */
public enum Reduction {
    /** Sum. */
    SUM,
    /** Arithmetic mean. */
    MEAN,
    /** Largest element. */
    MAX,
    /** Smallest element. */
    MIN
}
