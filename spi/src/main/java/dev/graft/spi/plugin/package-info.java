/** What every plugin registers. */
package dev.graft.spi.plugin;
