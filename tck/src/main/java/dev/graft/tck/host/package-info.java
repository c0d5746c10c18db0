/** A jar in the hosts that programs load plugins with, and what is asked of it there. */
package dev.graft.tck.host;
