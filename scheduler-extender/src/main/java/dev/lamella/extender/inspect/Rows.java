package dev.lamella.extender.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** What the command shows; also the shapes of its JSON and YAML. */
final class Rows {

  private Rows() {}

  /**
   * A pod that holds part of a slice.
   *
   * @param tenant null if that cannot be told
   * @param shares 0 for the whole slice
   */
  record HolderRow(String tenant, String namespace, String name, int shares) {}

  /** A slice as its node reports it. */
  record SliceRow(
      String node,
      int gpu,
      String gpuUuid,
      String model,
      String uuid,
      String profile,
      int start,
      int size,
      String health,
      String reason,
      boolean cordoned,
      String mode,
      int sharesUsed,
      int sharesTotal,
      List<HolderRow> holders) {

    /** Where it is on its node, such as {@code GPU 0 1g.5gb@2}. */
    String place() {
      return "GPU %d %s@%d".formatted(gpu, profile, start);
    }
  }

  /** A GPU, also one without slices. */
  record GpuRow(String node, int index, String uuid, String model, List<SliceRow> slices) {}

  /**
   * A tenant: its spec, and its status as the extender wrote it.
   *
   * @param guaranteed its quota's, as written; null if there is none
   */
  record TenantRow(
      String name,
      String tenantClass,
      int priority,
      String cohort,
      JsonNode guaranteed,
      JsonNode limit,
      JsonNode used,
      JsonNode guaranteedUsed,
      JsonNode borrowed,
      int pods,
      int waiting,
      List<String> problems) {}

  /**
   * A pod that asks for slices.
   *
   * @param node null if it is not bound
   * @param held the slices that it holds as its node reports them; null if that cannot be read
   * @param assigned UUIDs of those that it was assigned; pods of one shape may have swapped them
   * @param reason why it does not run, in kube-scheduler's or the kubelet's words; null if it does
   */
  record PodRow(
      String namespace,
      String name,
      String tenant,
      String phase,
      String node,
      Map<String, Integer> needs,
      List<HeldRow> held,
      List<String> assigned,
      String reason) {}

  /**
   * A slice, or part of it, that a pod holds.
   *
   * @param place such as {@code GPU 0 1g.5gb@2}
   * @param shares 0 for the whole slice
   */
  record HeldRow(String uuid, String place, int shares, int sharesTotal) {

    String text() {
      return shares == 0 ? place : "%s, %d/%d".formatted(place, shares, sharesTotal);
    }
  }
}
