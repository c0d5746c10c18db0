/** GPT-2 decoders. */
package dev.graft.models.gpt2;
