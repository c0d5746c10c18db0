/** Models with their adapters, opened for commands that use them. */
package dev.graft.standalone.model;
