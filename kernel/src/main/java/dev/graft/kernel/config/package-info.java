/** Typed configuration: YAML and JSON trees to records and back, with errors a person can act on. */
package dev.graft.kernel.config;
