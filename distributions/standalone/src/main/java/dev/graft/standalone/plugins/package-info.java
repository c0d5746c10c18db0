/** The plugins that a person installs beside those of the program. */
package dev.graft.standalone.plugins;
