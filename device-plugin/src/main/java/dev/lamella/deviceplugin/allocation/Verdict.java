package dev.lamella.deviceplugin.allocation;

import java.util.List;

/** What becomes of a request to hand out devices. */
public sealed interface Verdict {

  /**
   * Handed out.
   *
   * @param slices UUIDs of the slices that the devices stand on, each once, ascending
   */
  record Granted(List<String> slices) implements Verdict {

    public Granted {
      slices = List.copyOf(slices);
    }
  }

  /**
   * Nothing was handed out.
   *
   * @param detail what is wrong and what to do, for the pod's event: it names no other pod, which
   *     may be another tenant's, only its UID
   * @param holder who stands in the way, for the node's log; empty if nobody does
   */
  record Refused(Reason reason, String detail, String holder) implements Verdict {}

  /** Why nothing was handed out. */
  enum Reason {
    /** No device at all, or one twice. */
    MALFORMED,
    /** A device id that this pool does not have. */
    UNKNOWN_DEVICE,
    /** A device that is not healthy. */
    UNHEALTHY_DEVICE,
    /** The slice is held, or promised to a pod, in the other mode. */
    MODES_WOULD_MIX,
    /** The slice is held under the name that the node gave it before. */
    HELD_UNDER_ANOTHER_NAME,
    /** The operator keeps new pods away, and no assignment from before speaks for this one. */
    CORDONED
  }
}
