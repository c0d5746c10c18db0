/** Array operations on libtorch. */
package dev.graft.engines.torch;
