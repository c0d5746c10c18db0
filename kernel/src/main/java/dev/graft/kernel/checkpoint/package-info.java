/** Pretrained models on disk: Hugging Face directories and the Hugging Face cache. */
package dev.graft.kernel.checkpoint;
