package dev.lamella.deviceplugin.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.deviceplugin.allocation.KnownPod;
import dev.lamella.deviceplugin.allocation.PodName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a pod's metadata; says once for each pod if its assignment is broken. */
final class PodReader {

  private final PodListener listener;
  private final Map<String, String> brokenByUid = new HashMap<>();

  PodReader(PodListener listener) {
    this.listener = listener;
  }

  static String uid(JsonNode pod) {
    return pod.path("metadata").path("uid").asText();
  }

  KnownPod read(JsonNode pod) {
    JsonNode metadata = pod.path("metadata");
    PodName name = new PodName(metadata.path("namespace").asText(), metadata.path("name").asText());
    KnownPod bare = new KnownPod(uid(pod), name, Optional.empty());
    JsonNode text = metadata.path("annotations").path(LamellaApi.ASSIGNMENT);
    if (text.isMissingNode()) {
      return bare;
    }
    try {
      return new KnownPod(bare.uid(), name, Optional.of(Assignment.parse(text.asText())));
    } catch (IllegalArgumentException e) {
      if (!text.asText().equals(brokenByUid.put(bare.uid(), text.asText()))) {
        listener.brokenAssignment(bare, e.getMessage());
      }
      return bare;
    }
  }

  void forget(String uid) {
    brokenByUid.remove(uid);
  }
}
