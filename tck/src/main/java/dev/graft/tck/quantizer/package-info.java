/** Rules for quantizers. */
package dev.graft.tck.quantizer;
