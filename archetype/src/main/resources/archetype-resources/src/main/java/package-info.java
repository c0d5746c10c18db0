/** The technique ${methodId}. */
package ${package};
