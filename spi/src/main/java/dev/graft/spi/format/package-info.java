/** Layouts of adapters on disk that several methods share. */
package dev.graft.spi.format;
