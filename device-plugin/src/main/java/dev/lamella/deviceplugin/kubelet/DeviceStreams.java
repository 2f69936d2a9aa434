package dev.lamella.deviceplugin.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.ListAndWatchResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashSet;
import java.util.Set;

/** The kubelet's open ListAndWatch calls of one pool; each gets every snapshot, in order. */
final class DeviceStreams {

  private final Set<StreamObserver<ListAndWatchResponse>> open = new LinkedHashSet<>();
  private final Runnable onChange;
  private ListAndWatchResponse latest = ListAndWatchResponse.getDefaultInstance();
  private boolean opened;
  private boolean ended;

  /**
   * @param onChange called when the kubelet has opened or ended a stream
   */
  DeviceStreams(Runnable onChange) {
    this.onChange = onChange;
  }

  synchronized void open(ServerCallStreamObserver<ListAndWatchResponse> stream) {
    if (ended) {
      stream.onCompleted();
      return;
    }
    stream.setOnCancelHandler(
        () -> {
          remove(stream);
          onChange.run();
        });
    open.add(stream);
    opened = true;
    stream.onNext(latest);
    onChange.run();
  }

  private synchronized void remove(StreamObserver<ListAndWatchResponse> stream) {
    open.remove(stream);
  }

  synchronized void send(ListAndWatchResponse snapshot) {
    if (!snapshot.equals(latest)) {
      latest = snapshot;
      open.forEach(stream -> stream.onNext(snapshot));
    }
  }

  synchronized boolean any() {
    return !open.isEmpty();
  }

  /** Whether the kubelet has ended what it had opened. */
  synchronized boolean cutOff() {
    return opened && open.isEmpty();
  }

  /** Ends every stream: the kubelet takes the devices for unhealthy at once. */
  synchronized void end() {
    ended = true;
    open.forEach(StreamObserver::onCompleted);
    open.clear();
  }
}
