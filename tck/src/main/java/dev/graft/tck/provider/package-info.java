/** Rules for what every plugin registers. */
package dev.graft.tck.provider;
