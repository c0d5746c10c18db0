/** Byte-pair encoding: learns a byte-level vocabulary from text. */
package dev.graft.starter.bpe;
