/** The kit that tells whether a plugin keeps the contract: rules, checks, and what runs them. */
package dev.graft.tck;
