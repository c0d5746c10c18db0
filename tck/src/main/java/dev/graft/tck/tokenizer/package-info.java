/** Rules for tokenizers. */
package dev.graft.tck.tokenizer;
