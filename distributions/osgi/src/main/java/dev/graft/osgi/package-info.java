/** Graft in an OSGi framework, with a shell. */
package dev.graft.osgi;
