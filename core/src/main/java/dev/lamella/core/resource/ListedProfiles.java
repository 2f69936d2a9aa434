package dev.lamella.core.resource;

import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Profile;
import dev.lamella.core.inventory.Slice;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The profiles whose resources kube-scheduler is told of. A pod that asks for any other would pass
 * the extender by, so a node must not offer it.
 *
 * <p>Source: the boards of {@link Boards}; for RTX PRO 6000 besides the suffixes with which the
 * driver spells its profiles.
 */
public final class ListedProfiles {

  private static final String MANY_SUFFIXES = "RTX-PRO-6000-96GB";
  private static final List<String> SUFFIXES = List.of("+me", "+gfx", "+me.all", "-me");
  private static final Set<String> NAMES = names();

  private ListedProfiles() {}

  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    names.add(Slice.WHOLE_GPU);
    for (Board board : Boards.all()) {
      for (Profile profile : board.profiles()) {
        names.add(profile.name());
        if (board.model().equals(MANY_SUFFIXES)) {
          SUFFIXES.forEach(suffix -> names.add(profile.name() + suffix));
        }
      }
    }
    return Set.copyOf(names);
  }

  /** Whether a profile, as the driver spells it, is one of them. */
  public static boolean contains(String profile) {
    return NAMES.contains(profile);
  }

  /** The resources of all of them, whole and shared, by name. */
  public static List<ResourceName> resources() {
    Set<ResourceName> resources = new TreeSet<>();
    for (String profile : NAMES) {
      resources.add(ResourceName.whole(profile));
      resources.add(ResourceName.shared(profile));
    }
    return List.copyOf(resources);
  }
}
