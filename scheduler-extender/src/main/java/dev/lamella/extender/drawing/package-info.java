/** Tables and GPUs in plain text, at most 100 columns wide. */
package dev.lamella.extender.drawing;
