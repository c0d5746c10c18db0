/** Which technique to choose for a task, by what the installed plugins say of themselves. */
package dev.graft.kernel.recommendation;
