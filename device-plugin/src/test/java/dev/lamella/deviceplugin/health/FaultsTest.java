package dev.lamella.deviceplugin.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.geometry.Placement;
import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Slice;
import dev.lamella.deviceplugin.inventory.DriverEvent;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.inventory.SliceAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GPU-1 has the slices a (instance 1/0) and b (2/0), GPU-2 is one slice of its own. */
class FaultsTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Inventory node = node("a", "b");
  private final Faults faults = new Faults(xid -> xid != 13, Duration.ofSeconds(10));

  private static Inventory node(String... slices) {
    Map<String, SliceAddress> addresses = new TreeMap<>();
    List<Slice> found =
        Arrays.stream(slices)
            .map(
                uuid -> {
                  int instance = uuid.charAt(0) - 'a' + 1;
                  addresses.put(uuid, at("GPU-1", OptionalInt.of(instance), OptionalInt.of(0)));
                  return slice(uuid, "1g.5gb", instance);
                })
            .toList();
    addresses.put("GPU-2", at("GPU-2", OptionalInt.empty(), OptionalInt.empty()));
    Gpu cut = new Gpu("GPU-1", "A100-SXM4-40GB", true, OptionalInt.empty(), found);
    Gpu whole =
        new Gpu("GPU-2", "T4", false, OptionalInt.empty(), List.of(slice("GPU-2", "gpu", 0)));
    return new Inventory("1", List.of(cut, whole), addresses, List.of(), List.of(), Map.of());
  }

  private static SliceAddress at(String gpu, OptionalInt instance, OptionalInt part) {
    return new SliceAddress(gpu, OptionalInt.of(0), instance, part);
  }

  private static Slice slice(String uuid, String profile, int start) {
    return new Slice(uuid, profile, 1, 1, new Placement(start, 1), Health.HEALTHY);
  }

  private static DriverEvent xid(long number, String gpu, OptionalInt instance, OptionalInt part) {
    return new DriverEvent(gpu, OptionalLong.of(number), instance, part);
  }

  private static OptionalInt number(String text) {
    return text.equals("-") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
  }

  private List<String> unhealthy(Inventory on, int afterSeconds) {
    Inventory shown = faults.applied(on, START.plusSeconds(afterSeconds));
    assertThat(shown.reasons().keySet())
        .containsExactlyInAnyOrderElementsOf(
            shown.gpus().stream()
                .flatMap(gpu -> gpu.slices().stream())
                .filter(slice -> !slice.healthy())
                .map(Slice::uuid)
                .toList());
    return shown.reasons().keySet().stream().sorted().toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "79  | GPU-1 | 1  | 0  | [a]     | [a]",
        "79  | GPU-1 | 2  | 0  | [b]     | [b]",
        "79  | GPU-1 | 2  | -  | [b]     | [b]",
        "79  | GPU-1 | -  | -  | [a, b]  | [a, b]",
        "79  | GPU-1 | 7  | 0  | []      | []",
        "79  | GPU-1 | 2  | 5  | []      | []",
        "79  | GPU-2 | -  | -  | [GPU-2] | [GPU-2]",
        "79  | GPU-2 | 0  | 0  | [GPU-2] | [GPU-2]",
        "79  | GPU-3 | -  | -  | []      | []",
        "13  | GPU-1 | 1  | 0  | [a]     | []",
        "13  | GPU-1 | -  | -  | [a, b]  | []",
      })
  void anEventMeansTheseSlicesAndNoOthers(
      long xid, String gpu, String gi, String ci, String means, String unhealthy) {
    List<String> meant = faults.strike(xid(xid, gpu, number(gi), number(ci)), node, START);

    assertThat(meant).hasToString(means);
    assertThat(unhealthy(node, 0)).hasToString(unhealthy);
  }

  @Test
  void eachFaultBeginsTheProbationAnew() {
    DriverEvent event = xid(79, "GPU-1", OptionalInt.of(1), OptionalInt.of(0));
    faults.strike(event, node, START);
    assertThat(unhealthy(node, 9)).containsExactly("a");
    faults.strike(event, node, START.plusSeconds(9));

    assertThat(unhealthy(node, 18)).containsExactly("a");
    assertThat(unhealthy(node, 19)).isEmpty();
  }

  @Test
  void withoutAProbationNothingIsTrustedAgain() {
    Faults forGood = new Faults(xid -> true, Duration.ZERO);
    forGood.strike(xid(79, "GPU-2", OptionalInt.empty(), OptionalInt.empty()), node, START);

    assertThat(forGood.applied(node, START.plus(Duration.ofDays(1000))).reasons())
        .containsEntry("GPU-2", "Xid 79 at 2026-01-01T00:00:00Z");
  }

  @Test
  void anInstanceThatIsMadeAnewInItsPlaceIsTrusted() {
    faults.strike(xid(79, "GPU-1", OptionalInt.of(1), OptionalInt.of(0)), node, START);
    assertThat(unhealthy(node("b"), 1)).isEmpty();

    assertThat(unhealthy(node, 2)).isEmpty();
  }

  @Test
  void aFaultOfTheWholeGpuHitsInstancesMadeAfterItToo() {
    faults.strike(xid(79, "GPU-1", OptionalInt.empty(), OptionalInt.empty()), node("a"), START);

    assertThat(unhealthy(node, 1)).containsExactly("a", "b");
  }
}
