/** The contracts that plugins implement and the kernel drives. */
package dev.graft.spi;
