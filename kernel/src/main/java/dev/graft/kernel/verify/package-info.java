/** Proof that what was imported computes what it computed where it came from. */
package dev.graft.kernel.verify;
