package dev.lamella.extender.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What bind is asked. */
public record BindingArgs(
    @JsonProperty("PodName") String podName,
    @JsonProperty("PodNamespace") String podNamespace,
    @JsonProperty("PodUID") String podUid,
    @JsonProperty("Node") String node) {

  /**
   * @throws IllegalArgumentException naming what is missing
   */
  public BindingArgs {
    if (podName == null || podNamespace == null || podUid == null || node == null) {
      throw new IllegalArgumentException("PodName, PodNamespace, PodUID and Node are needed");
    }
  }
}
