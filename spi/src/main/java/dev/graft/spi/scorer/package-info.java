/** Says what answers are worth. */
package dev.graft.spi.scorer;
