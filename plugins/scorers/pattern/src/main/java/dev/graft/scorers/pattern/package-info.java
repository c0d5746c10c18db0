/** Scores by whether a pattern matches. */
package dev.graft.scorers.pattern;
