package dev.lamella.deviceplugin;

import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.container.Injector;
import dev.lamella.deviceplugin.kubelet.KubeletEvents;
import dev.lamella.deviceplugin.kubelet.KubeletSession;
import dev.lamella.deviceplugin.kubelet.Readings;
import dev.lamella.deviceplugin.kubelet.UnixSockets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;

/** The session with the kubelet, once there is something to offer. */
final class KubeletSide implements Advertiser.Opening {

  private final Path kubeletDir;
  private final UnixSockets sockets;
  private final AllocationBook book;
  private final Injector injector;
  private final KubeletEvents calls;
  private final Readings readings;

  /** Older kubelets tell plugins apart by their sockets' names: a new word for each start. */
  private final String start = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

  private volatile KubeletSession session;

  KubeletSide(
      Path kubeletDir,
      UnixSockets sockets,
      AllocationBook book,
      Injector injector,
      KubeletEvents calls,
      Readings readings) {
    this.kubeletDir = kubeletDir;
    this.sockets = sockets;
    this.book = book;
    this.injector = injector;
    this.calls = calls;
    this.readings = readings;
  }

  @Override
  public KubeletSession open(Catalogue first) throws IOException {
    session =
        KubeletSession.start(
            new KubeletSession.Start(
                kubeletDir,
                start,
                sockets,
                book,
                injector,
                calls,
                first,
                readings::showedPodsSince));
    return session;
  }

  /** Healthy devices of each pool that the kubelet watches. */
  Map<ResourceName, Integer> advertised() {
    KubeletSession now = session;
    return now == null ? Map.of() : now.advertised();
  }

  /** Those pools are served and registered anew; they were advertised, so there is a session. */
  void registerAgain(Collection<ResourceName> resources) {
    session.registerAgain(resources);
  }
}
