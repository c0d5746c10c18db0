/** What people see on a terminal: tables, wrapped text, progress. */
package dev.graft.standalone.terminal;
