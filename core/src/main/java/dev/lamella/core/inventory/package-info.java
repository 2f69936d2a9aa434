/** What a node has: its GPUs and their slices, as found, without a word about who holds them. */
package dev.lamella.core.inventory;
