package dev.lamella.core.resource;

import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Profile;
import dev.lamella.core.inventory.Slice;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every resource that Lamella manages: the slices of all boards that are known, and GPUs that are
 * not cut, each whole and shared. kube-scheduler, which needs a list, is given this one.
 */
public final class ManagedResources {

  private static final List<ResourceName> ALL =
      Stream.concat(
              Boards.all().stream().map(Board::profiles).flatMap(List::stream).map(Profile::name),
              Stream.of(Slice.WHOLE_GPU))
          .distinct()
          .flatMap(profile -> Stream.of(ResourceName.whole(profile), ResourceName.shared(profile)))
          .sorted()
          .toList();

  private ManagedResources() {}

  /** By profile, the whole slice before its share. */
  public static List<ResourceName> all() {
    return ALL;
  }
}
