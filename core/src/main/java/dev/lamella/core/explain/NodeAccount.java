package dev.lamella.core.explain;

import java.util.List;
import java.util.Map;

/**
 * A node that was considered.
 *
 * @param offered whether kube-scheduler offered it; null if it has not asked
 * @param account the reason with all numbers; null if the pod fits
 * @param slices those of the profiles asked for
 * @param otherSlices how many there are of each other profile
 * @param notes assignments and slices of the node that were ignored; only for who sees all its pods
 */
public record NodeAccount(
    String name,
    Boolean offered,
    String account,
    List<SliceAccount> slices,
    Map<String, Integer> otherSlices,
    List<String> notes) {}
