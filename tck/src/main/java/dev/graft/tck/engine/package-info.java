/** Rules for engines. */
package dev.graft.tck.engine;
