/** Rules for objectives. */
package dev.graft.tck.objective;
