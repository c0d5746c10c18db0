/** Scores by a model with a head per sequence. */
package dev.graft.scorers.model;
