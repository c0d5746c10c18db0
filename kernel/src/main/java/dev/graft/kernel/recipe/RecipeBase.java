package dev.graft.kernel.recipe;

/**
 * The part of a recipe that tells what an adapter was trained on, which is all that its use needs: the data may be gone.
 *
 * @param model the base model
 * @param objective what training minimised
 * @param seed seed of what was drawn at random, the base itself where it began from scratch
 */
public record RecipeBase(ModelSection model, PluginSection objective, long seed) {}
