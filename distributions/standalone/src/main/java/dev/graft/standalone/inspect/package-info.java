/** What {@code graft inspect} finds out about checkpoints, adapters and tokenizers. */
package dev.graft.standalone.inspect;
