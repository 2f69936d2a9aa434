package dev.lamella.core.reclaim;

import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.pod.PodRef;
import java.util.List;

/**
 * A slice as it would be without some of its holders.
 *
 * @param victims whom to evict for it
 * @param leaving who goes anyway
 */
record Freed(SliceState slice, List<Victim> victims, List<PodRef> leaving) {}
