package dev.lamella.extender.leader;

import java.util.Optional;

/** Whether this replica may decide. */
public interface Mandate {

  /** A program that is the only one always may. */
  Mandate ALWAYS =
      new Mandate() {
        @Override
        public long remainingMillis() {
          return Long.MAX_VALUE;
        }

        @Override
        public Optional<String> whyNot() {
          return Optional.empty();
        }
      };

  /** For how many milliseconds from now it may; 0 or less if it may not. */
  long remainingMillis();

  /** Empty if it may decide; else a sentence. */
  Optional<String> whyNot();
}
