/** The rules as JUnit tests: a third party extends one class. */
package dev.graft.tck.junit;
