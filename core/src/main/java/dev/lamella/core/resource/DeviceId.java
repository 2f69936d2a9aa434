package dev.lamella.core.resource;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * A device as the kubelet knows it: a slice, or one share of it.
 *
 * <p>Written {@code MIG-...} for a whole slice and {@code MIG-...::k} for share k, as NVIDIA's
 * plugin writes replicas.
 *
 * @param slice the slice's UUID
 * @param share which share, from 0; empty for the whole slice
 */
public record DeviceId(String slice, OptionalInt share) {

  private static final String SEPARATOR = "::";

  public DeviceId {
    Objects.requireNonNull(slice, "slice");
    Objects.requireNonNull(share, "share");
    if (slice.isEmpty() || slice.contains(SEPARATOR)) {
      throw new IllegalArgumentException("\"" + slice + "\" is no slice UUID");
    }
  }

  public static DeviceId whole(String slice) {
    return new DeviceId(slice, OptionalInt.empty());
  }

  public static DeviceId share(String slice, int share) {
    return new DeviceId(slice, OptionalInt.of(share));
  }

  /**
   * Reads a device id.
   *
   * @throws IllegalArgumentException if what follows {@code ::} is not a number
   */
  public static DeviceId parse(String text) {
    int at = text.indexOf(SEPARATOR);
    if (at < 0) {
      return whole(text);
    }
    String number = text.substring(at + SEPARATOR.length());
    if (!number.matches("\\d{1,4}")) {
      throw new IllegalArgumentException("\"" + text + "\" is no device id: expected UUID::N");
    }
    return share(text.substring(0, at), Integer.parseInt(number));
  }

  public String text() {
    return share.isEmpty() ? slice : slice + SEPARATOR + share.getAsInt();
  }

  @Override
  public String toString() {
    return text();
  }
}
