package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What became of binds: each pod's node and assignment, as every version of the pod shows them. */
final class Binds {

  private static final String TOTAL = "lamella_extender_binds_total{result=\"";

  private final Map<String, Set<String>> byUid = new TreeMap<>();
  private final Set<String> namespaces = new HashSet<>();
  private final Cluster cluster;
  private final int before;

  /** Begins now. */
  Binds(Cluster cluster) throws IOException {
    this.cluster = cluster;
    this.before = Audit.read(cluster.plane().auditLog()).size();
  }

  /** Adds a version of a pod. */
  synchronized void see(JsonNode pod) {
    if (pod.at("/spec").has("nodeName")) {
      namespaces.add(pod.at("/metadata/namespace").asText());
      byUid
          .computeIfAbsent(Team.uid(pod), uid -> new TreeSet<>())
          .add(
              "%s on %s as %s"
                  .formatted(
                      pod.at("/metadata/name").asText(),
                      pod.at("/spec/nodeName").asText(),
                      pod.at("/metadata/annotations").path(LamellaApi.ASSIGNMENT).asText()));
    }
  }

  /** How many were bound. */
  synchronized int pods() {
    return byUid.size();
  }

  /** Pods that have had more than one node or assignment. */
  synchronized Set<Set<String>> twice() {
    Set<Set<String>> twice = new HashSet<>();
    byUid.values().stream().filter(all -> all.size() > 1).forEach(twice::add);
    return twice;
  }

  /**
   * By the API server's account, how often each pod's binding was written; a try after that was
   * told of a conflict.
   *
   * @param twice pods whose binding was written more than once
   * @param triedOn bindings that were tried again after they had been written
   */
  record Written(Set<String> twice, int triedOn) {}

  synchronized Written written() throws IOException {
    Set<String> once = new HashSet<>();
    Set<String> twice = new TreeSet<>();
    int triedOn = 0;
    List<Audit> all = Audit.read(cluster.plane().auditLog());
    for (Audit write : all.subList(before, all.size())) {
      if (!write.what().equals("pods/binding") || !namespaces.contains(write.namespace())) {
        continue;
      }
      boolean again = once.contains(write.name());
      if (write.code() == 201 && !once.add(write.name())) {
        twice.add(write.name());
      }
      triedOn += again ? 1 : 0;
    }
    return new Written(twice, triedOn);
  }

  /** By the extender's own count since it started: answers to bind, by what they said. */
  Map<String, Integer> answers() throws IOException, InterruptedException {
    Map<String, Integer> answers = new TreeMap<>();
    for (String line : Web.get(cluster.extenderUrl() + "/metrics").lines().toList()) {
      if (line.startsWith(TOTAL)) {
        int end = line.indexOf('"', TOTAL.length());
        double number = Double.parseDouble(line.substring(line.indexOf(' ') + 1));
        answers.put(line.substring(TOTAL.length(), end), (int) number);
      }
    }
    return answers;
  }
}
