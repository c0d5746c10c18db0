/**
 * The part of the Jinja template language that chat templates are written in, with the settings, the functions and the
 * {@code generation} tag of Hugging Face transformers. Semantics are Jinja 3.1's and Python's: none is not undefined,
 * {@code "1" != 1}, strings are counted in code points, and what a template may not do is an error, never an empty text.
 */
package dev.graft.tokenizers.huggingface.jinja;
