/** BitFit: bias terms only. */
package dev.graft.methods.bitfit;
