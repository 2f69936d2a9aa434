package dev.lamella.core.resource;

import dev.lamella.core.inventory.Slice;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An extended resource that stands for slices of one profile, held whole or shared.
 *
 * <p>Written {@code nvidia.com/mig-1g.5gb}, {@code nvidia.com/mig-1g.5gb.shared}, {@code
 * nvidia.com/gpu} or {@code nvidia.com/gpu.shared}: NVIDIA's names, in which the {@code +} of a
 * profile becomes a dot.
 *
 * @param profile the profile as the driver spells it, such as {@code 1g.10gb+me}; {@link
 *     Slice#WHOLE_GPU} for a GPU that is not cut
 * @param shared whether a unit is a share rather than a whole slice
 */
public record ResourceName(String profile, boolean shared) implements Comparable<ResourceName> {

  private static final String DOMAIN = "nvidia.com/";
  private static final String MIG = "mig-";
  private static final String SHARED = ".shared";
  private static final Pattern CUT = Pattern.compile("(\\d+g\\.\\d+gb)(?:([.+])([a-z.]+)|(-me))?");

  public ResourceName {
    Objects.requireNonNull(profile, "profile");
    if (!profile.equals(Slice.WHOLE_GPU) && !CUT.matcher(profile).matches()) {
      throw new IllegalArgumentException("\"" + profile + "\" is no profile such as 1g.5gb");
    }
  }

  public static ResourceName whole(String profile) {
    return new ResourceName(profile, false);
  }

  public static ResourceName shared(String profile) {
    return new ResourceName(profile, true);
  }

  /** Reads a resource name; empty if it is not one that stands for slices. */
  public static Optional<ResourceName> parse(String text) {
    if (!text.startsWith(DOMAIN)) {
      return Optional.empty();
    }
    String name = text.substring(DOMAIN.length());
    boolean shared = name.endsWith(SHARED);
    String kind = shared ? name.substring(0, name.length() - SHARED.length()) : name;
    if (kind.equals(Slice.WHOLE_GPU)) {
      return Optional.of(new ResourceName(Slice.WHOLE_GPU, shared));
    }
    if (!kind.startsWith(MIG)) {
      return Optional.empty();
    }
    Matcher cut = CUT.matcher(kind.substring(MIG.length()));
    if (!cut.matches() || "+".equals(cut.group(2))) {
      return Optional.empty();
    }
    String suffix = cut.group(4) != null ? "-me" : cut.group(3) == null ? "" : "+" + cut.group(3);
    return Optional.of(new ResourceName(cut.group(1) + suffix, shared));
  }

  /** The same slices in the other mode. */
  public ResourceName otherMode() {
    return new ResourceName(profile, !shared);
  }

  /** The name as Kubernetes spells it. */
  public String text() {
    String kind =
        profile.equals(Slice.WHOLE_GPU) ? Slice.WHOLE_GPU : MIG + profile.replace('+', '.');
    return DOMAIN + kind + (shared ? SHARED : "");
  }

  /** By profile, the whole slice before its share. */
  @Override
  public int compareTo(ResourceName other) {
    int order = profile.compareTo(other.profile);
    return order != 0 ? order : Boolean.compare(shared, other.shared);
  }

  @Override
  public String toString() {
    return text();
  }
}
