/** Sparse fine-tuning by a fixed mask. */
package dev.graft.methods.sparse;
