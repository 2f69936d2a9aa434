package dev.lamella.deviceplugin.naming;

import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Under which name each slice is offered, and why some are not.
 *
 * @param kinds by UUID the profile that the slice's resources are named by; one that is missing is
 *     not offered
 * @param problems one sentence for each reason not to offer slices
 */
public record Naming(Map<String, String> kinds, List<String> problems) {

  public Naming {
    kinds = Map.copyOf(kinds);
    problems = List.copyOf(problems);
  }

  /**
   * @param listed whether a profile's resources are known to the scheduler
   */
  public static Naming of(List<Gpu> gpus, MigStrategy strategy, Predicate<String> listed) {
    boolean anyMig = gpus.stream().anyMatch(Gpu::migEnabled);
    return strategy == MigStrategy.SINGLE && anyMig ? single(gpus) : byProfile(gpus, listed);
  }

  private static Naming byProfile(List<Gpu> gpus, Predicate<String> listed) {
    Map<String, String> kinds = new TreeMap<>();
    TreeSet<String> unlisted = new TreeSet<>();
    for (Gpu gpu : gpus) {
      for (Slice slice : gpu.slices()) {
        if (listed.test(slice.profile())) {
          kinds.put(slice.uuid(), slice.profile());
        } else {
          unlisted.add(slice.profile());
        }
      }
    }
    return new Naming(kinds, unlisted.stream().map(Naming::unlisted).toList());
  }

  private static String unlisted(String profile) {
    return "%s is not offered: the scheduler is not told of it; list it there and in alsoListed"
        .formatted(ResourceName.whole(profile));
  }

  private static Naming single(List<Gpu> gpus) {
    Optional<String> fault = notOfOneKind(gpus);
    if (fault.isPresent()) {
      return new Naming(
          Map.of(), List.of("no slice is offered under the MIG strategy single: " + fault.get()));
    }
    Map<String, String> kinds = new TreeMap<>();
    for (Gpu gpu : gpus) {
      gpu.slices().forEach(slice -> kinds.put(slice.uuid(), Slice.WHOLE_GPU));
    }
    return new Naming(kinds, List.of());
  }

  /** The three cases in which NVIDIA's plugin offers nothing either. */
  private static Optional<String> notOfOneKind(List<Gpu> gpus) {
    TreeSet<String> profiles = new TreeSet<>();
    List<String> empty = new ArrayList<>();
    List<String> uncut = new ArrayList<>();
    for (Gpu gpu : gpus) {
      gpu.slices().stream().filter(s -> gpu.migEnabled()).forEach(s -> profiles.add(s.profile()));
      if (!gpu.migEnabled()) {
        uncut.add(gpu.uuid());
      } else if (gpu.slices().isEmpty()) {
        empty.add(gpu.uuid());
      }
    }
    if (!uncut.isEmpty()) {
      return Optional.of("MIG is off on " + String.join(", ", uncut) + " and on elsewhere");
    }
    if (!empty.isEmpty()) {
      return Optional.of("no instance stands on " + String.join(", ", empty));
    }
    return profiles.size() == 1
        ? Optional.empty()
        : Optional.of("there are slices of several profiles: " + String.join(", ", profiles));
  }
}
