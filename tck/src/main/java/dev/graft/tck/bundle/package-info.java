/** Rules for the jar. */
package dev.graft.tck.bundle;
