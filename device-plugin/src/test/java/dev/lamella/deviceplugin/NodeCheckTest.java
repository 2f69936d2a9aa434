package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.api.NodeObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is advertised against what the Node shows. */
class NodeCheckTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");

  /** In milliseconds: settle 20, then 100, 200, 400, at most 400; anyway 50. */
  private static final NodeCheck.Pace QUICK =
      new NodeCheck.Pace(
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofMillis(400),
          Duration.ofMillis(50));

  /** In milliseconds: settle 300, then 1000 at least and at most. */
  private static final NodeCheck.Pace SLOW =
      new NodeCheck.Pace(
          Duration.ofMillis(300),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofMillis(50));

  private final AtomicInteger looks = new AtomicInteger();
  private final Map<ResourceName, Integer> advertised = new ConcurrentHashMap<>(Map.of(WHOLE, 7));
  private final Map<String, Integer> shown = new ConcurrentHashMap<>();
  private final List<Long> registered = new CopyOnWriteArrayList<>();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile boolean down;
  private NodeCheck check;

  private void start() {
    start(QUICK);
  }

  private void start(NodeCheck.Pace pace) {
    check =
        NodeCheck.start(
            this::read,
            () -> {
              looks.incrementAndGet();
              return Map.copyOf(advertised);
            },
            resources -> registered.add(System.nanoTime()),
            seen -> {},
            pace);
  }

  private NodeObject.Seen read() throws IOException {
    reads.incrementAndGet();
    if (down) {
      throw new IOException("down");
    }
    return new NodeObject.Seen(Map.of(), Map.copyOf(shown));
  }

  @AfterEach
  void stop() {
    check.close();
  }

  @Test
  void aPoolThatTheNodeLacksIsRegisteredAgainAndTheProblemSaid() throws Exception {
    start();

    Wait.until(() -> assertThat(registered).isNotEmpty());
    assertThat(check.problem()).isEqualTo("the Node shows 0 of " + WHOLE + ", advertised are 7");

    shown.put(WHOLE.text(), 7);

    Wait.until(() -> assertThat(check.problem()).isEmpty());
  }

  @Test
  void whereItDoesNotHelpThePausesGrow() throws Exception {
    start();

    Wait.until(() -> assertThat(registered).hasSizeGreaterThanOrEqualTo(5));

    List<Long> at = List.copyOf(registered);
    assertThat(Duration.ofNanos(at.get(1) - at.get(0)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(100));
    assertThat(Duration.ofNanos(at.get(2) - at.get(1)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(200));
    assertThat(Duration.ofNanos(at.get(3) - at.get(2)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(400));
    assertThat(Duration.ofNanos(at.get(4) - at.get(3)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(400));
  }

  @Test
  void newsOfOtherThingsIsNoSecondLook() throws Exception {
    long begun = System.nanoTime();
    start(SLOW);

    while (registered.isEmpty()) {
      check.changed();
      Thread.sleep(1);
    }

    assertThat(Duration.ofNanos(registered.get(0) - begun))
        .isGreaterThanOrEqualTo(SLOW.settle().multipliedBy(2));
  }

  @Test
  void aPoolThatComesBackAsItWasDoesNotShortenThePauses() throws Exception {
    start(SLOW);
    Wait.until(() -> assertThat(registered).isNotEmpty());
    looks.set(0);

    // To register again takes the pool away for a moment.
    advertised.clear();
    check.changed();
    Wait.until(() -> assertThat(looks).hasPositiveValue());
    advertised.put(WHOLE, 7);
    while (registered.size() < 2) {
      check.changed();
      Thread.sleep(1);
    }

    assertThat(Duration.ofNanos(registered.get(1) - registered.get(0)))
        .isGreaterThanOrEqualTo(SLOW.least());
  }

  @Test
  void aNodeThatAgreesIsLeftAlone() throws Exception {
    shown.put(WHOLE.text(), 7);
    start();

    Wait.until(() -> assertThat(reads).hasValueGreaterThan(5));

    assertThat(registered).isEmpty();
    assertThat(check.problem()).isEmpty();
  }

  @Test
  void whatCannotBeReadIsNoDisagreement() throws Exception {
    down = true;
    start();

    Wait.until(() -> assertThat(reads).hasValueGreaterThan(2));

    assertThat(registered).isEmpty();
  }

  @Test
  void whileNothingIsServedNothingIsCompared() throws Exception {
    advertised.clear();
    start();

    Wait.until(() -> assertThat(reads).hasValueGreaterThan(3));

    assertThat(registered).isEmpty();
  }
}
