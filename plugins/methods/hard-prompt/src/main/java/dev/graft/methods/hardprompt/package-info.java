/** Prompts in words: templates, verbalisers and demonstrations, and trainable tokens among the words. */
package dev.graft.methods.hardprompt;
