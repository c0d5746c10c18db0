/** Pre-trained prompt tuning: a soft prompt, its self-supervised pre-training, and tuning it by label words. */
package dev.graft.methods.ppt;
