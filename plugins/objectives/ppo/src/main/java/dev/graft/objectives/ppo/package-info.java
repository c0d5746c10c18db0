/** Proximal policy optimisation. */
package dev.graft.objectives.ppo;
