/** Tests that hold the arrows between modules and the names they may use. */
package dev.graft.architecture;
