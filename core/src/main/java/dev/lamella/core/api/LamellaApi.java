package dev.lamella.core.api;

/** Names in the Kubernetes API that belong to Lamella. */
public final class LamellaApi {

  public static final String GROUP = "lamella.dev";
  public static final String VERSION = "v1alpha1";
  public static final String GPU_NODES = "gpunodes";
  public static final String TENANTS = "tenants";

  /** On a pod, written by the bind: {@link dev.lamella.core.assignment.Assignment}. */
  public static final String ASSIGNMENT = GROUP + "/assignment";

  /**
   * On a pod: shared resources, separated by commas, of which no two shares of the pod may lie on
   * one slice. Set where whole slices were turned into shares; anybody may ask for it.
   */
  public static final String DISTINCT_SLICES = GROUP + "/distinct-slices";

  private LamellaApi() {}
}
