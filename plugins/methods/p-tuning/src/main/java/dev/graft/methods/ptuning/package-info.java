/** P-tuning: virtual tokens that a small network writes, in front of the input or at places of a template. */
package dev.graft.methods.ptuning;
