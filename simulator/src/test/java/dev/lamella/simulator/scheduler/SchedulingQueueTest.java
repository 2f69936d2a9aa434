package dev.lamella.simulator.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.simulator.kube.ManualClock;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each table is one queue with backoff 1 s to 10 s; "take" names the pod that is tried. */
class SchedulingQueueTest {

  static Stream<String> tables() {
    return Stream.of(
        """
        add a 0
        add b 5
        add c 5
        take b
        take c
        take a
        take -
        """,
        """
        add a 0
        pass 10
        add b 0
        take a
        take b
        """,
        """
        add a 0
        take a
        unschedulable a
        pass 60000
        take -
        move
        take a
        """,
        """
        add a 0
        take a
        unschedulable a
        move
        take -
        pass 999
        take -
        pass 1
        take a
        """,
        """
        add a 0
        take a
        move
        unschedulable a
        take -
        pass 1000
        take a
        """,
        """
        add a 0
        take a
        failed a
        pass 1000
        take a
        failed a
        pass 1999
        take -
        pass 1
        take a
        failed a
        pass 4000
        take a
        failed a
        pass 8000
        take a
        failed a
        pass 9999
        take -
        pass 1
        take a
        """,
        """
        add a 0
        take a
        unschedulable a
        pass 300000
        flush
        take -
        pass 1
        flush
        take a
        """,
        """
        add a 0
        take a
        remove a
        unschedulable a
        move
        pass 10000
        take -
        """,
        """
        add a 0
        add b 0
        take a
        unschedulable a
        take b
        unschedulable b
        pass 5000
        changed a
        take a
        take -
        """,
        """
        add a 0
        take a
        changed a
        unschedulable a
        pass 1000
        take a
        """);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void table(String steps) {
    ManualClock clock = new ManualClock();
    SchedulingQueue queue =
        new SchedulingQueue(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(5));
    steps.lines().forEach(line -> step(queue, clock, line.split(" ")));
  }

  private static void step(SchedulingQueue queue, ManualClock clock, String[] words) {
    switch (words[0]) {
      case "add" -> queue.add(words[1], Integer.parseInt(words[2]), clock.instant());
      case "take" ->
          assertThat(queue.take(clock.instant()).orElse("-"))
              .as(String.join(" ", words))
              .isEqualTo(words[1]);
      case "unschedulable" -> queue.unschedulable(words[1], clock.instant());
      case "failed" -> queue.failed(words[1], clock.instant());
      case "move" -> queue.moveAll(clock.instant());
      case "changed" -> queue.move(words[1], clock.instant());
      case "remove" -> queue.remove(words[1]);
      case "flush" -> queue.flush(clock.instant());
      case "pass" -> clock.pass(Duration.ofMillis(Long.parseLong(words[1])));
      default -> throw new IllegalArgumentException("unknown step " + words[0]);
    }
  }
}
