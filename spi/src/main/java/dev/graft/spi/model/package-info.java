/** Models, their sites, and the pass that runs them. */
package dev.graft.spi.model;
