package dev.lamella.simulator.apiserver;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.UUID;

/** Where UIDs, generated names and times come from. */
final class Identities {

  /** The alphabet of generated names: without vowels and digits that look like letters. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX = 5;
  private static final int MAX_GENERATED = 63 - SUFFIX;

  private final Clock clock;
  private final Random random;

  Identities(Clock clock, long seed) {
    this.clock = clock;
    this.random = new Random(seed);
  }

  /** A version 4 UUID. */
  synchronized String uid() {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
    return new UUID(high, low).toString();
  }

  /** A name from a generateName. */
  synchronized String name(String prefix) {
    StringBuilder name =
        new StringBuilder(prefix.substring(0, Math.min(prefix.length(), MAX_GENERATED)));
    for (int i = 0; i < SUFFIX; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return name.toString();
  }

  /** Now, in RFC 3339 and whole seconds, as metadata holds times. */
  String now() {
    return nowPlus(0);
  }

  String nowPlus(long seconds) {
    return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).plusSeconds(seconds).toString();
  }
}
