package dev.lamella.core.explain;

/**
 * How a pod stands with its tenant's quota.
 *
 * @param standing {@code Guaranteed}, {@code Borrowing} or {@code Refused}; null if no node says
 *     what the pod would be charged
 * @param rule which rule refuses; null unless refused
 * @param reason with all numbers; null unless refused
 * @param adds what the pod is charged, or would be
 * @param counted whether that is in {@code used} already: it is bound, or slices are kept for it
 * @param used what the tenant uses
 * @param guaranteedUsed of that, what stands within the guarantee
 * @param guaranteed the guarantee; null if there is none
 * @param limit null if there is none
 * @param pods the tenant's bound pods
 */
public record QuotaAccount(
    String standing,
    String rule,
    String reason,
    Amounts adds,
    boolean counted,
    Amounts used,
    Amounts guaranteedUsed,
    Amounts guaranteed,
    Amounts limit,
    int pods) {}
