package dev.lamella.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.geometry.Placement;
import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.Wait;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.allocation.Choice;
import dev.lamella.deviceplugin.allocation.Patience;
import dev.lamella.deviceplugin.allocation.Verdict;
import dev.lamella.deviceplugin.container.Delivery;
import dev.lamella.deviceplugin.container.HostFiles;
import dev.lamella.deviceplugin.container.Injector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that is told that the kubelet shows something else. */
class RegisterAgainTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");
  private static final ResourceName SHARED = ResourceName.shared("1g.5gb");

  /** What was advertised each time that something was said to have changed. */
  private final List<Map<ResourceName, Integer>> told = new CopyOnWriteArrayList<>();

  private volatile Supplier<Map<ResourceName, Integer>> advertised = Map::of;

  private final KubeletEvents events =
      new KubeletEvents() {
        @Override
        public void answered(String call, ResourceName resource, long nanos) {}

        @Override
        public void preferred(ResourceName resource, Choice choice) {}

        @Override
        public void allocated(ResourceName resource, Verdict verdict) {}

        @Override
        public void registered(ResourceName resource, boolean accepted) {}

        @Override
        public void stateChanged() {
          told.add(advertised.get());
        }
      };

  @TempDir Path dir;

  private static Catalogue catalogue(Health second) {
    Slice well = new Slice("a", "1g.5gb", 1, 4864, new Placement(0, 1), Health.HEALTHY);
    Slice ill = new Slice("b", "1g.5gb", 1, 4864, new Placement(1, 1), second);
    return Catalogue.of(
        List.of(new Gpu("GPU-0", "A100-SXM4-40GB", true, OptionalInt.empty(), List.of(well, ill))),
        new Catalogue.Terms(Map.of("a", "1g.5gb", "b", "1g.5gb"), profile -> 4, false, Set.of()));
  }

  private KubeletSession session(UnixSockets sockets, AllocationBook book, Injector injector)
      throws IOException {
    return KubeletSession.start(
        new KubeletSession.Start(
            dir,
            "start",
            sockets,
            book,
            injector,
            events,
            catalogue(Health.UNHEALTHY),
            since -> true));
  }

  @Test
  void thePoolIsServedAtANewSocketAndRegisteredAndTheOtherStays() throws Exception {
    AllocationBook book = new AllocationBook(Patience.STANDALONE, System::nanoTime);
    book.offer(catalogue(Health.UNHEALTHY));
    HostFiles files = new HostFiles(dir, false, dir, dir, dir, dir);
    try (FakeKubelet kubelet = FakeKubelet.start(dir);
        UnixSockets sockets = new UnixSockets();
        Injector injector = new Injector(files, Delivery.DEFAULT);
        KubeletSession session = session(sockets, book, injector)) {
      // The kubelet counts the healthy devices.
      Wait.until(
          () ->
              assertThat(session.advertised())
                  .containsExactlyInAnyOrderEntriesOf(Map.of(WHOLE, 1, SHARED, 4)));
      Path before = kubelet.socketOf(WHOLE.text());
      Path other = kubelet.socketOf(SHARED.text());

      session.registerAgain(List.of(WHOLE));

      Wait.until(() -> assertThat(kubelet.socketOf(WHOLE.text())).isNotEqualTo(before));
      Wait.until(() -> assertThat(kubelet.devices(WHOLE.text())).containsExactly("a"));
      Wait.until(() -> assertThat(session.advertised()).hasSize(2));
      assertThat(before).doesNotExist();
      assertThat(kubelet.socketOf(SHARED.text())).isEqualTo(other);
    }
  }

  @Test
  void thatSomethingElseIsAdvertisedIsTold() throws Exception {
    AllocationBook book = new AllocationBook(Patience.STANDALONE, System::nanoTime);
    HostFiles files = new HostFiles(dir, false, dir, dir, dir, dir);
    try (FakeKubelet kubelet = FakeKubelet.start(dir);
        UnixSockets sockets = new UnixSockets();
        Injector injector = new Injector(files, Delivery.DEFAULT);
        KubeletSession session = session(sockets, book, injector)) {
      advertised = session::advertised;
      Wait.until(() -> assertThat(session.advertised()).containsEntry(WHOLE, 1));

      session.offer(catalogue(Health.HEALTHY));

      Wait.until(() -> assertThat(told).endsWith(Map.of(WHOLE, 2, SHARED, 8)));
      assertThat(kubelet.registrations()).hasSize(2);
    }
  }
}
