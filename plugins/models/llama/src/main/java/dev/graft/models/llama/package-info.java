/** Llama, Mistral and Qwen decoders. */
package dev.graft.models.llama;
