/** Figures of a model, with an adapter or without, on data. */
package dev.graft.standalone.evaluation;
