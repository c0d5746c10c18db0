package dev.graft.spi.format;

/** What PEFT calls tensors of a model in {@code adapter_model.safetensors}. */
public final class PeftNames {

    private static final String WRAPPED = "base_model.model.";

    private PeftNames() {}

    /** The name on disk of a module or parameter of the model. */
    public static String onDisk(String name) {
        return WRAPPED + name;
    }

    /** The name in the model of something that {@link #onDisk} named. */
    public static String inModel(String onDisk) {
        return onDisk.substring(WRAPPED.length());
    }

    /** The name on disk of a module or parameter of the model beside virtual tokens, where PEFT leaves out a level. */
    public static String besideVirtualTokens(String name) {
        return "base_model." + name;
    }
}
