package dev.lamella.core.explain;

import dev.lamella.core.pod.PodRef;

/** The rights of whoever reads. */
@FunctionalInterface
public interface Viewer {

  /** Sees every pod. */
  Viewer ALL = pod -> true;

  /** Whether it may be told that this pod exists, and its name. */
  boolean sees(PodRef pod);
}
