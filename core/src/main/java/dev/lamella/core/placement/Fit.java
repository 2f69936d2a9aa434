package dev.lamella.core.placement;

/**
 * How a pod would stand on a node. Which of two is better is the {@link PlacementPolicy}'s to say.
 *
 * @param numaNodes over how many NUMA nodes its slices would lie; unknown ones count as one
 * @param gpus over how many GPUs its slices would lie
 * @param slicesOpened shared slices that it would open
 * @param gpusOpened GPUs without any pod that it would take a slice of
 * @param startsLost what its GPUs would lose for requests to come; 0 unless the policy asks
 * @param freeAfter compute slices left free on the GPUs that it would use
 * @param freeOnNode compute slices free on the node before
 * @param node the node's name, which makes every order total
 */
public record Fit(
    int numaNodes,
    int gpus,
    int slicesOpened,
    int gpusOpened,
    long startsLost,
    int freeAfter,
    int freeOnNode,
    String node) {}
