package dev.graft.kernel.recipe;

import dev.graft.spi.config.Key;
import dev.graft.spi.engine.DType;

/**
 * The base model.
 *
 * @param path a checkpoint directory, or an id on the hub
 * @param revision branch, tag or commit on the hub; null = main
 * @param fromScratch whether weights are drawn at random instead of read: only {@code config.json} and the tokenizer
 *     are used
 * @param dtype how the frozen weights are held
 */
public record ModelSection(
        @Key(
                value = "A checkpoint directory (looked up beside the recipe, then in the working directory), or"
                        + " an id on the hub such as org/name",
                required = true)
        String path,

        @Key("Branch, tag or commit of a model on the hub; left out, main")
        String revision,

        @Key(
                value = "Whether weights are drawn at random from training.seed instead of read, to pretrain",
                defaultsTo = "false")
        boolean fromScratch,

        @Key(
                value = "How the frozen weights are held; trainable parameters are always float32",
                defaultsTo = "float32",
                allowed = {"float32", "bfloat16", "float16"})
        DType dtype) {}
