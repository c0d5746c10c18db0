/** tokenizer.json and chat templates. */
package dev.graft.tokenizers.huggingface;
