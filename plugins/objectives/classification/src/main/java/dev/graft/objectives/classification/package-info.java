/** Sequence classification. */
package dev.graft.objectives.classification;
