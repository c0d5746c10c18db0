/** Parameter updates. */
package dev.graft.spi.optimizer;
