/** Scores by asking a service. */
package dev.graft.scorers.http;
