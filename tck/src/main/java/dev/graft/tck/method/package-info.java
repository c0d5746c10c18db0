/** Rules for techniques. */
package dev.graft.tck.method;
