/** AdapterFusion: attention over frozen adapters, layer by layer. */
package dev.graft.methods.adapterfusion;
