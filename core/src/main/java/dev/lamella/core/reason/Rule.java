package dev.lamella.core.reason;

/** The rules by which a node, or a pod altogether, can be ruled out. */
public enum Rule {
  /** The node's daemon has not reported. */
  NODE_UNREPORTED,
  /** The node's daemon says that it is not serving. */
  NODE_NOT_SERVING,
  /** The node has no slice of the profile. */
  PROFILE_ABSENT,
  /** The kubelet would not admit as many devices of the resource. */
  KUBELET_FULL,
  /** No slice that could be given whole. */
  NO_FREE_SLICE,
  /** No share that could be given. */
  NO_FREE_SHARE,
  /** Only the node's report is missing: to change a slice's mode, or after it refused a pod. */
  AWAITS_REPORT,
  /** The tenant's limit. */
  TENANT_LIMIT,
  /** The tenant's cap on a profile. */
  PROFILE_CAP,
  /** The tenant's maximum of pods. */
  TENANT_PODS,
  /** Nothing in the cohort is left to borrow. */
  NOTHING_TO_BORROW,
  /** A borrower with a smaller dominant share above its guarantee goes first. */
  BORROW_ORDER,
  /** The tenant may not ask for whole slices. */
  WHOLE_REFUSED,
  /** Slices are being freed for the pod, here or on another node. */
  RECLAIM_UNDER_WAY,
  /** A pod that may take nothing from others: it would borrow, or its policy is Never. */
  MAY_NOT_RECLAIM,
  /** Nothing on the nodes offered may be taken for the pod. */
  NOTHING_TO_RECLAIM,
  /** kube-scheduler would preempt a latency-critical pod within its tenant's guarantee. */
  VICTIM_GUARANTEED
}
