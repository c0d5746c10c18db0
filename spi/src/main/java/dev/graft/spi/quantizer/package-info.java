/** Frozen weights in fewer bits. */
package dev.graft.spi.quantizer;
