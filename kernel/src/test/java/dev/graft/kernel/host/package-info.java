/** An engine of plain loops over Java arrays: the independent reference that tests compare with. */
package dev.graft.kernel.host;
