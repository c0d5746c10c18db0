package dev.graft.spi.engine;

/**
 * An engine without elements: its arrays have shapes and sizes, its operations take no time, and what it is good for is to
 * tell how much memory the same operations would take on the engine it stands for. Integers that were written to an array
 * are read back from it; everything else reads as some finite number.
 */
public interface MeasuringEngine extends Engine {
    /**
     * Most bytes that the engine would have taken from the system at once: arrays, what operations take on their way, and
     * what the allocator keeps between them. What lives when this is asked counts as lasting.
     */
    long residentBytes();

    /** Bytes that a process takes with the engine's libraries loaded and nothing in the engine. */
    long programBytes();
}
