/** Rules for model families. */
package dev.graft.tck.model;
