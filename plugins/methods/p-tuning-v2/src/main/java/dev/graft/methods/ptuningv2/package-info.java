/** P-tuning v2. */
package dev.graft.methods.ptuningv2;
