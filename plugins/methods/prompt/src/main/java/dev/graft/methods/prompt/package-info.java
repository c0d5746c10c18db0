/** Prompt tuning: virtual tokens in front of the input. */
package dev.graft.methods.prompt;
