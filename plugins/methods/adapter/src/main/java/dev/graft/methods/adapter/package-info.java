/** Bottleneck adapters: small networks after, or beside, the sublayers of a frozen model. */
package dev.graft.methods.adapter;
