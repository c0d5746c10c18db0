/** Full and partial fine-tuning. */
package dev.graft.methods.full;
