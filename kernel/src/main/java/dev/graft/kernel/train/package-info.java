/** The training loop: steps, schedules, evaluation, checkpoints to resume from. */
package dev.graft.kernel.train;
