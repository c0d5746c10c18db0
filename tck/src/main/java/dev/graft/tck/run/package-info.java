/** The rules on a bare jar, and the reports. */
package dev.graft.tck.run;
