/** Direct preference optimisation and its kin. */
package dev.graft.objectives.dpo;
