package dev.graft.engines.torch;

import dev.graft.spi.config.Key;

/**
 * Settings of the torch engine.
 *
 * @param threads number of threads of one operation, or null for libtorch's choice
 * @param blas which library multiplies plain matrices
 */
public record TorchOptions(
        @Key(value = "number of threads one operation may use; one per physical core when absent", min = 1, max = 4096)
        Integer threads,

        @Key(
                value =
                        "library of plain matrix products: MKL where its jars are on the class path, or always OpenBLAS",
                defaultsTo = "auto")
        Blas blas) {

    /** Libraries of plain matrix products. */
    public enum Blas {
        /** MKL where it exists, else OpenBLAS. */
        AUTO,
        /** OpenBLAS, which is part of the torch presets. */
        OPENBLAS
    }

    /** libtorch's own number of threads, and MKL where it exists. */
    public static TorchOptions defaults() {
        return new TorchOptions(null, Blas.AUTO);
    }
}
