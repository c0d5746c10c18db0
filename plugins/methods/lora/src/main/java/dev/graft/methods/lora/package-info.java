/** Low-rank adaptation. */
package dev.graft.methods.lora;
