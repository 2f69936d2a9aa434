/**
 * NVML through the JavaCPP presets for CUDA, loaded without JavaCPP's own loader.
 *
 * <p>Entry point: {@link dev.lamella.nvml.javacpp.JavaCppNvml}. What looks odd here is explained in
 * docs/decisions/nvml.md.
 */
package dev.lamella.nvml.javacpp;
