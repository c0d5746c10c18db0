/** DiffPruning: a sparse difference to the base, found by gates. */
package dev.graft.methods.diffpruning;
