package dev.lamella.simulator.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each table is one node; a line is one step, with the expected outcome after the arrow. */
class DeviceAllocatorTest {

  static Stream<String> tables() {
    return Stream.of(
        """
        devices x a b c
        prefer  x b
        pod p1  main:x=1                  -> main:b
        prefer  x b
        pod p2  main:x=1                  -> main:a|c
        """,
        """
        devices x a b c d
        prefer  x c d
        pod p1  main:x=3                  -> main:(a|b)+c+d
        """,
        """
        devices x a b
        pod p1  main:x=1 main:x=1         -> main:a|b main:a|b
        pod p2  main:x=1 \
        -> requested number of devices unavailable for x. Requested: 1, Available: 0
        ended p1
        pod p3  main:x=2                  -> main:a+b
        """,
        """
        devices x a b c
        prefer  x a
        pod p1  init:x=1 main:x=1         -> init:a main:a
        calls                             -> preferred x allocate x allocate x
        """,
        """
        devices x a b c
        prefer  x a
        pod p1  sidecar:x=1 main:x=1      -> sidecar:a main:b|c
        """,
        """
        devices x a b c
        prefer  x a
        pod p1  init:x=1 sidecar:x=1 main:x=1 -> init:a sidecar:a main:b|c
        """,
        """
        devices x a b c
        prefer  x a
        pod p1  init:x=1 main:x=2         -> init:a main:a+(b|c)
        must                              -> a
        """,
        """
        devices x a b
        refuse  x allocate slice is shared
        pod p1  main:x=1                  -> rpc error: code = Unknown desc = slice is shared
        accept  x
        pod p2  main:x=2                  -> main:a+b
        """,
        """
        devices x a b
        refuse  x prefer not now
        pod p1  main:x=1 \
        -> device plugin GetPreferredAllocation rpc failed with err: rpc error: code = Unknown \
        desc = not now
        """,
        """
        devices x a b
        stopped x
        pod p1  main:x=1 \
        -> no healthy devices present; cannot allocate unhealthy devices x
        counts                            -> x=2/0
        """,
        """
        devices x a b
        unhealthy x a
        pod p1  main:x=1                  -> main:b
        pod p2  main:x=1 \
        -> requested number of devices unavailable for x. Requested: 1, Available: 0
        counts                            -> x=2/1
        """,
        """
        devices x a
        pod p1  main:y=1                  -> nothing
        """,
        """
        devices x a b
        pod p1  main:x=1                  -> main:a|b
        restart
        counts                            -> x=0/0
        running p1 main:x=1               -> main:a|b
        pod p1  main:x=1 \
        -> no healthy devices present; cannot allocate unhealthy devices x
        devices x a b
        pod p1  main:x=1                  -> main:a|b
        pod p1  main:x=2 \
        -> pod "p1" container "main0" changed request for resource "x" from 1 to 2
        """,
        """
        devices x a b
        stopped x
        pass 300
        counts                            -> x=2/0
        pass 1
        counts                            -> removed x
        pod p1  main:x=1                  -> nothing
        """,
        """
        devices x a b
        replaced x
        stopped-old x
        counts                            -> x=2/2
        """);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void table(String steps) {
    DeviceTable table = new DeviceTable();
    steps.lines().forEach(table::step);
  }

  @Test
  void sameSeedGivesSameDevices() {
    List<String> once = new DeviceTable().chosen(5);
    assertThat(new DeviceTable().chosen(5)).isEqualTo(once);
  }
}
