package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.geometry.Placement;
import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.KnownPod;
import dev.lamella.deviceplugin.allocation.Patience;
import dev.lamella.deviceplugin.allocation.PodName;
import dev.lamella.deviceplugin.allocation.Reading;
import dev.lamella.deviceplugin.inventory.Inventory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class UsageTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private Instant now = START;
  private final AllocationBook book = new AllocationBook(Patience.STANDALONE, System::nanoTime);
  private final Usage usage = new Usage(book, () -> now);

  @Test
  void remembersSinceWhenASliceIsAsHealthyAsItIs() {
    usage.found(node(Health.HEALTHY));
    now = START.plusSeconds(10);
    usage.found(node(Health.HEALTHY));
    assertThat(since()).containsEntry("MIG-1", START);

    usage.found(node(Health.UNHEALTHY));
    assertThat(since()).containsEntry("MIG-1", START.plusSeconds(10));
  }

  @Test
  void aMismatchIsNewsOnce() {
    PodName name = new PodName("team", "p");
    Assignment other = new Assignment(1, List.of(Held.whole(WHOLE, List.of("MIG-2"))));
    book.seen(new KnownPod("uid-p", name, Optional.of(other)));
    Reading.Held held = new Reading.Held(WHOLE, DeviceId.whole("MIG-1"), name);
    book.reconcile(new Reading(List.of(held), System.nanoTime(), "1"));

    assertThat(usage.newMismatches()).isEqualTo(1);
    assertThat(usage.newMismatches()).isZero();
  }

  private Map<String, Instant> since() {
    GpuNodeStatus nothing = new GpuNodeStatus(true, null, null, List.of(), List.of());
    return usage.picture(nothing, Inventory.none("")).healthSince();
  }

  private static Inventory node(Health health) {
    Slice slice = new Slice("MIG-1", "1g.5gb", 1, 4864, new Placement(0, 1), health);
    Gpu gpu = new Gpu("GPU-1", "A100-SXM4-40GB", true, OptionalInt.empty(), List.of(slice));
    return new Inventory("575", List.of(gpu), Map.of(), List.of(), List.of(), Map.of());
  }
}
