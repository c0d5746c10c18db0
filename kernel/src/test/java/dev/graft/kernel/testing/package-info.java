/** What the plugins' tests share: reference cases, and checks that every model must stand. */
package dev.graft.kernel.testing;
