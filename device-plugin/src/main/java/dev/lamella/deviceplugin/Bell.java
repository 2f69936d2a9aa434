package dev.lamella.deviceplugin;

/** Tells the parts that act on news; they are tied in as they start. */
final class Bell {

  private volatile Runnable read = () -> {};
  private volatile Runnable held = () -> {};
  private volatile Runnable label = () -> {};
  private volatile Runnable check = () -> {};
  private volatile Runnable publish = () -> {};

  void readWith(Runnable action) {
    read = action;
  }

  void publishWith(Runnable action) {
    publish = action;
  }

  void heldWith(Runnable action) {
    held = action;
  }

  void labelWith(Runnable action) {
    label = action;
  }

  /** Other slices are there. */
  void slicesChanged() {
    label.run();
    check.run();
    publish.run();
  }

  void checkWith(Runnable action) {
    check = action;
  }

  /** Whether and what the kubelet is told may have changed. */
  void advertised() {
    check.run();
    publish.run();
  }

  /** What containers hold was read. */
  void held() {
    held.run();
  }

  /** Something happened that may change what containers hold: ask the kubelet. */
  void happened() {
    read.run();
  }

  /** What the report says may have changed. */
  void changed() {
    publish.run();
  }
}
