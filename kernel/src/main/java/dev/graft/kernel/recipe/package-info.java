/** The recipe: one YAML file that says everything about a training run. */
package dev.graft.kernel.recipe;
