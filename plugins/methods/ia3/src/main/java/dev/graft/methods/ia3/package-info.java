/** IA3: learned scalings of keys, values and feed-forward activations. */
package dev.graft.methods.ia3;
