package dev.lamella.extender.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentTest {

  @Test
  void keepsSoManyAndNoMore() {
    Recent<Integer, Integer> recent = new Recent<>(100, Duration.ofHours(1), Clock.systemUTC());

    for (int i = 0; i < 10_000; i++) {
      recent.put(i, i);
      recent.get(0);
    }

    assertThat(recent.size()).isEqualTo(100);
    assertThat(recent.get(0)).as("the one asked for stays").contains(0);
    assertThat(recent.get(5)).isEmpty();
  }
}
