/**
 * NVML behind a small interface: the calls that a MIG-aware node daemon makes, and nothing else.
 *
 * <p>Entry points: {@link dev.lamella.nvml.Nvml}, implemented by the JavaCPP binding and by a
 * simulated library read from a layout file.
 */
package dev.lamella.nvml;
