package dev.lamella.deviceplugin.api;

import dev.lamella.deviceplugin.allocation.KnownPod;
import java.util.List;

/** What the pod watch sees of this node's pods that have not ended. Called on its thread. */
public interface PodListener {

  /** Every pod there is: those not in it have ended. */
  void listed(List<KnownPod> pods);

  /** A pod is new or was changed. */
  void seen(KnownPod pod);

  /** A pod has ended or is gone. */
  void gone(String uid);

  /** An assignment could not be read; the pod is taken to have none. */
  void brokenAssignment(KnownPod pod, String why);

  /** The watch broke off and is tried again. */
  void reconnecting(String why);
}
