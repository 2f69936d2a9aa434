package dev.lamella.extender.decide;

import dev.lamella.core.reason.Reason;
import java.util.List;
import java.util.Map;

/**
 * Which nodes would do.
 *
 * @param feasible in the order in which they were asked
 * @param rejected why each other would not, in the order in which they were asked
 */
public record FilterAnswer(List<String> feasible, Map<String, Reason> rejected) {}
