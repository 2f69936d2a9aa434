/**
 * Why a pod waits, whether one would fit, how the cluster stands: {@code /explain/}, {@code
 * /whatif} and {@code /state}. Questions that commit nothing.
 */
package dev.lamella.extender.explain;
