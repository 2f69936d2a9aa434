/**
 * A stand-in for NVIDIA's library, compiled from C by the test run, for tests of this module and of
 * those that depend on its test-jar.
 *
 * <p>Entry points: {@link dev.lamella.nvml.standin.StandinLibrary} and {@link
 * dev.lamella.nvml.standin.StandinControl}.
 */
package dev.lamella.nvml.standin;
