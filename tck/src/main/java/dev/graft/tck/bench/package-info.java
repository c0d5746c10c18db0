/** What rules are tried on: an engine, tiny deterministic models, batches. */
package dev.graft.tck.bench;
