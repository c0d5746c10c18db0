/** Runs recipes one after the other and measures what each came to. */
package dev.graft.standalone.chain;
