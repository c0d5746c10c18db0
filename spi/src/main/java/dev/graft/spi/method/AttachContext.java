package dev.graft.spi.method;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a method is given to build an attachment. When an adapter is loaded, parameters and buffers take the stored
 * value of their name; a stored tensor that nobody asked for, or a missing one, is an error.
 */
public interface AttachContext {
    /** Makes tensors. */
    Tensors tensors();

    /** The adapter's name, which some formats write into the names of tensors. */
    String name();

    /** The attachments this one is built upon, in the order they were named; empty for most techniques. */
    List<Part> parts();

    /** The attachments before this one that learn in the same run, in order; empty where it comes first. */
    default List<Companion> companions() {
        return List.of();
    }

    /** Random numbers for initial values, seeded by the recipe. */
    RandomStream random();

    /** Element type of new parameters; {@link DType#FLOAT32} unless the recipe says otherwise. */
    DType dtype();

    /** The base model's tokenizer, if one is known. */
    Optional<Tokenizer> tokenizer();

    /**
     * What the bare base computes at its attention sites for one sequence of tokens, in the current scope; the way to
     * begin from real text.
     *
     * @return by attention site
     */
    Map<String, KeyValues> keyValues(int[] ids);

    /** Whether the adapter is being loaded rather than made. */
    boolean loading();

    /** Whether a stored tensor has this name. */
    boolean stored(String name);

    /** Takes a stored tensor that is no parameter; it lives as long as the attachment. */
    Tensor take(String name, Shape shape);

    /**
     * Reads a stored tensor whose shape the files alone know, in the element type it is stored in; it belongs to the
     * current scope.
     *
     * @throws dev.graft.spi.config.ConfigurationException if there is none of this name
     */
    Tensor read(String name);

    /** Declares a trainable tensor. */
    Parameter parameter(ParameterSpec spec);

    /**
     * Declares a saved tensor that the attachment itself changes. Loaded from files without it, it takes the initial
     * value.
     *
     * @param dtype its element type, which stored values must have
     */
    default Variable variable(String name, Shape shape, DType dtype, Initializer initializer) {
        return variable(name, shape, dtype, initializer, ParameterSpec.Storage.OPTIONAL);
    }

    /**
     * Declares a tensor that the attachment itself changes.
     *
     * @param dtype its element type, which stored values must have
     * @param storage where its value is kept
     */
    Variable variable(String name, Shape shape, DType dtype, Initializer initializer, ParameterSpec.Storage storage);

    /** Declares a saved tensor that is not trained; it lives as long as the attachment. */
    Tensor buffer(String name, Shape shape, Initializer initializer);

    /** Keeps a tensor for as long as the attachment lives, without saving it. */
    Tensor retain(Tensor tensor);

    /** Declares a stored tensor irrelevant, for instance a copy of a base weight. */
    void ignore(String name);
}
