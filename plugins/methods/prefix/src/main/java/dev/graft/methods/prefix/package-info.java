/** Prefix tuning. */
package dev.graft.methods.prefix;
