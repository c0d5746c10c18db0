/** Reward models that learn from preferences. */
package dev.graft.objectives.reward;
