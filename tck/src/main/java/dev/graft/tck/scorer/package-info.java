/** Rules for scorers. */
package dev.graft.tck.scorer;
