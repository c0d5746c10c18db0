/** Plugins as bundles of an embedded OSGi framework. */
package dev.graft.hosts.osgi;
