/** Typed configuration records. */
package dev.graft.spi.config;
