/** Text to token ids and back. */
package dev.graft.spi.tokenizer;
