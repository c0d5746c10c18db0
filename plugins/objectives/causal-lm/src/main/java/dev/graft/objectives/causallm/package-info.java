/** Next-token prediction. */
package dev.graft.objectives.causallm;
