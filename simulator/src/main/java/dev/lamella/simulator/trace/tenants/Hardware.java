package dev.lamella.simulator.trace.tenants;

import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Profile;
import dev.lamella.core.ledger.GpuNodeFact;
import dev.lamella.core.ledger.NodeFact;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The nodes as they really are: what runs on which slice. Reports are taken from it. */
final class Hardware {

  private static final String MODEL = "A100-SXM4-40GB";
  static final int SHARES = 4;

  private final Map<String, List<GpuStatus>> gpusByNode = new LinkedHashMap<>();
  private final Map<String, SliceStatus> slices = new TreeMap<>();
  private final Map<String, Map<String, Holder>> holders = new TreeMap<>();

  Hardware(Scene scene) {
    List<String> names = scene.nodeNames();
    for (int i = 0; i < names.size(); i++) {
      List<GpuStatus> gpus = new ArrayList<>();
      for (String board : scene.boardsOf(i)) {
        gpus.add(gpu(names.get(i) + "/" + gpus.size(), board));
      }
      gpusByNode.put(names.get(i), gpus);
    }
  }

  private GpuStatus gpu(String uuid, String layout) {
    Board board = Boards.byModel(MODEL).orElseThrow();
    List<SliceStatus> list = new ArrayList<>();
    for (String text : layout.split(" ")) {
      String[] parts = text.split("@");
      Profile profile = board.profile(parts[0]).orElseThrow();
      SliceStatus slice =
          new SliceStatus(
              uuid + "/" + text,
              profile.name(),
              profile.computeSlices(),
              profile.size() * board.sliceMemoryMiB(),
              Integer.parseInt(parts[1]),
              profile.size(),
              "Healthy",
              "Free",
              SHARES,
              List.of());
      list.add(slice);
      slices.put(slice.uuid(), slice);
      holders.put(slice.uuid(), new TreeMap<>());
    }
    return new GpuStatus(uuid, MODEL, true, 0, list);
  }

  /** What the kubelet says of a node. */
  NodeFact node(String name, long version) {
    Map<ResourceName, Integer> allocatable = new TreeMap<>();
    for (GpuStatus gpu : gpusByNode.get(name)) {
      for (SliceStatus slice : gpu.slices()) {
        allocatable.merge(ResourceName.whole(slice.profile()), 1, Integer::sum);
        allocatable.merge(ResourceName.shared(slice.profile()), SHARES, Integer::sum);
      }
    }
    return new NodeFact(name, version, allocatable);
  }

  /** What the daemon says of a node, having seen everything up to this version. */
  GpuNodeFact report(String name, long version) {
    List<GpuStatus> gpus = new ArrayList<>();
    for (GpuStatus gpu : gpusByNode.get(name)) {
      List<SliceStatus> now = gpu.slices().stream().map(this::withHolders).toList();
      gpus.add(new GpuStatus(gpu.uuid(), gpu.model(), true, gpu.numaNode(), now));
    }
    String observed = Long.toString(version - 1);
    GpuNodeStatus status = new GpuNodeStatus(true, "575.57.08", observed, gpus, List.of());
    return new GpuNodeFact(name, version, new GpuNodeSpec(List.of()), status);
  }

  private SliceStatus withHolders(SliceStatus slice) {
    List<Holder> now = List.copyOf(holders.get(slice.uuid()).values());
    String mode = now.isEmpty() ? "Free" : now.get(0).shares() == 0 ? "Whole" : "Shared";
    return new SliceStatus(
        slice.uuid(),
        slice.profile(),
        slice.computeSlices(),
        slice.memoryMiB(),
        slice.start(),
        slice.size(),
        slice.health(),
        mode,
        slice.sharesTotal(),
        now);
  }

  /**
   * A pod starts on slices.
   *
   * @throws InvariantBroken if one of them is in another mode, or full
   */
  void take(PodRef pod, List<Held> held) {
    for (Held entry : held) {
      for (String uuid : entry.slices()) {
        Map<String, Holder> here = holders.get(uuid);
        int used = here.values().stream().mapToInt(Holder::shares).sum();
        boolean whole = here.values().stream().anyMatch(holder -> holder.shares() == 0);
        boolean room =
            entry.shares() == 0 ? here.isEmpty() : !whole && used + entry.shares() <= SHARES;
        if (!room) {
          throw new InvariantBroken("one mode, one hand", pod + " on " + uuid + " of " + here);
        }
        here.put(pod.uid(), new Holder(pod.uid(), pod.namespace(), pod.name(), entry.shares()));
      }
    }
  }

  /** A pod has ended. */
  void release(PodRef pod, List<Held> held) {
    for (Held entry : held) {
      entry.slices().forEach(uuid -> holders.get(uuid).remove(pod.uid()));
    }
  }

  /** Compute slices there are. */
  double compute() {
    return slices.values().stream().mapToInt(SliceStatus::computeSlices).sum();
  }

  /** Compute slices held, by namespace. */
  Map<String, Double> held() {
    Map<String, Double> sums = new TreeMap<>();
    holders.forEach(
        (uuid, here) -> {
          double compute = slices.get(uuid).computeSlices();
          for (Holder holder : here.values()) {
            double part = holder.shares() == 0 ? 1 : holder.shares() / (double) SHARES;
            sums.merge(holder.namespace(), compute * part, Double::sum);
          }
        });
    return sums;
  }

  /** Compute slices that stand free on shared slices that are not full: shares alone fit there. */
  double stranded() {
    double sum = 0;
    for (Map.Entry<String, Map<String, Holder>> entry : holders.entrySet()) {
      int used = entry.getValue().values().stream().mapToInt(Holder::shares).sum();
      if (used > 0) {
        sum += slices.get(entry.getKey()).computeSlices() * (1 - used / (double) SHARES);
      }
    }
    return sum;
  }
}
