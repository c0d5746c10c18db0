/** Adapters on disk: in the layout of the library where their method is at home, one or several to a directory. */
package dev.graft.kernel.adapter;
