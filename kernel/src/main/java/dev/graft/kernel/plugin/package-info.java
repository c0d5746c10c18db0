/** Which plugins there are, and the hosts that find them. */
package dev.graft.kernel.plugin;
