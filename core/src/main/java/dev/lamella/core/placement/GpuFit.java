package dev.lamella.core.placement;

/**
 * How a GPU suits a pod that is being placed.
 *
 * @param used whether the pod is on it already
 * @param nearby whether the pod is on another GPU of its NUMA node
 * @param startsLost what taking the slice would cost requests to come; 0 unless the policy asks
 * @param free compute slices on it that nobody holds
 */
record GpuFit(boolean used, boolean nearby, long startsLost, int free) {}
