/** Arrays and the operations on one device. */
package dev.graft.spi.engine;
