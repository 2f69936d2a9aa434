package dev.lamella.deviceplugin.health;

import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Slice;
import dev.lamella.deviceplugin.inventory.DriverEvent;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.inventory.SliceAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * Faults that the driver reported, and what they put in doubt.
 *
 * <p><b>Goals.</b> Every slice that an event means becomes unhealthy, and no other; it is trusted
 * again after a probation without another fault.
 *
 * <p><b>Constraints.</b> An event may mean a whole GPU, an instance, or a part of one. Ids of
 * instances are used again: a fault belongs to a slice's UUID, and ends with the slice.
 *
 * <p>For one thread.
 */
public final class Faults {

  /**
   * @param xid what was struck, if it was an Xid
   */
  private record Mark(String reason, Instant at, OptionalLong xid) {}

  private LongPredicate xidMatters;
  private Duration probation;

  /** By UUID of a slice, or of a GPU that is meant as a whole. */
  private final Map<String, Mark> marks = new TreeMap<>();

  /**
   * @param xidMatters which Xids are the hardware's fault and not the application's
   * @param probation after which time without a fault a slice is trusted again; zero: never
   */
  public Faults(LongPredicate xidMatters, Duration probation) {
    this.xidMatters = xidMatters;
    this.probation = probation;
  }

  /** Judges otherwise from now on, faults of before included. */
  public void judge(LongPredicate matters, Duration trustedAfter) {
    xidMatters = matters;
    probation = trustedAfter;
  }

  private boolean over(Mark mark, Instant now) {
    boolean forgiven = mark.xid().isPresent() && !xidMatters.test(mark.xid().getAsLong());
    return forgiven || !probation.isZero() && !mark.at().plus(probation).isAfter(now);
  }

  /**
   * Takes note of an event.
   *
   * @param node what there is
   * @return the slices that the event means, ascending by UUID, whether or not it matters
   */
  public List<String> strike(DriverEvent event, Inventory node, Instant now) {
    List<String> meant = new ArrayList<>();
    new TreeMap<>(node.addresses())
        .forEach(
            (slice, at) -> {
              if (means(event, at)) {
                meant.add(slice);
              }
            });
    boolean matters = event.xid().isEmpty() || xidMatters.test(event.xid().getAsLong());
    if (matters) {
      String reason = event.what() + " at " + now.truncatedTo(ChronoUnit.SECONDS);
      List<String> marked = event.gpuInstance().isPresent() ? meant : List.of(event.gpu());
      marked.forEach(uuid -> marks.put(uuid, new Mark(reason, now, event.xid())));
    }
    return meant;
  }

  private static boolean means(DriverEvent event, SliceAddress at) {
    return event.gpu().equals(at.gpu())
        && same(event.gpuInstance(), at.gpuInstance())
        && same(event.computeInstance(), at.computeInstance());
  }

  private static boolean same(OptionalInt meant, OptionalInt has) {
    return meant.isEmpty() || has.isEmpty() || meant.getAsInt() == has.getAsInt();
  }

  /** The node with the slices in doubt made unhealthy; forgets what is over. */
  public Inventory applied(Inventory node, Instant now) {
    Set<String> known = new HashSet<>(node.addresses().keySet());
    node.gpus().forEach(gpu -> known.add(gpu.uuid()));
    marks.entrySet().removeIf(mark -> over(mark.getValue(), now));
    marks.keySet().retainAll(known);
    Map<String, String> reasons = new TreeMap<>();
    List<Gpu> gpus = new ArrayList<>();
    for (Gpu gpu : node.gpus()) {
      List<Slice> slices = new ArrayList<>();
      for (Slice slice : gpu.slices()) {
        Mark mark = marks.getOrDefault(slice.uuid(), marks.get(gpu.uuid()));
        if (mark != null) {
          reasons.put(slice.uuid(), mark.reason());
        }
        slices.add(mark == null ? slice : Continuity.unhealthy(slice));
      }
      gpus.add(Continuity.with(gpu, slices));
    }
    return node.showing(gpus, Map.of(), reasons);
  }
}
