package dev.lamella.extender.wire;

import java.nio.ByteBuffer;

/**
 * A request's body. The array is not copied and must not be changed.
 *
 * @param length how many of the bytes are the body's
 */
public record Body(byte[] bytes, int length) {

  /** All of these bytes. */
  public static Body of(byte[] bytes) {
    return new Body(bytes, bytes.length);
  }

  /**
   * Part of a body.
   *
   * @param from its first byte
   * @param to the byte after its last
   */
  record Extent(int from, int to) {

    int length() {
      return to - from;
    }
  }

  ByteBuffer part(Extent extent) {
    return ByteBuffer.wrap(bytes, extent.from(), extent.length());
  }
}
