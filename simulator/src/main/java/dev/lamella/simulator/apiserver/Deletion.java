package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Deletes objects: at once, or marked first where a kubelet or a finalizer has to agree. */
final class Deletion {

  private static final Set<String> TERMINAL = Set.of("Succeeded", "Failed");

  private final Store store;
  private final Identities identities;

  Deletion(Store store, Identities identities) {
    this.store = store;
    this.identities = identities;
  }

  /**
   * What a client asks of a deletion.
   *
   * @param graceSeconds empty leaves it to the object
   */
  record Options(OptionalInt graceSeconds, Optional<String> uid, Optional<String> version) {

    static final Options NONE =
        new Options(OptionalInt.empty(), Optional.empty(), Optional.empty());

    /** From a DeleteOptions, or nothing, and a request's query, which counts less. */
    static Options read(JsonNode body, Query query) {
      if (!body.isMissingNode() && !body.isObject()) {
        throw StatusException.badRequest("the body is no DeleteOptions");
      }
      JsonNode grace = body.path("gracePeriodSeconds");
      OptionalInt seconds =
          grace.isInt()
              ? OptionalInt.of(grace.asInt())
              : query.number("gracePeriodSeconds").stream().mapToInt(Math::toIntExact).findFirst();
      JsonNode preconditions = body.path("preconditions");
      return new Options(
          seconds,
          Optional.ofNullable(preconditions.path("uid").asText(null)),
          Optional.ofNullable(preconditions.path("resourceVersion").asText(null)));
    }
  }

  /**
   * What became of the object.
   *
   * @param object its last state
   * @param gone whether it is removed rather than marked
   */
  record Outcome(ObjectNode object, boolean gone) {}

  Outcome delete(ResourceType type, String namespace, String name, Options options) {
    return store.atomically(
        () -> {
          ObjectNode before = store.get(type, namespace, name);
          Objects.preconditions(type, before, options.uid(), options.version());
          int grace = type.equals(ResourceTypes.PODS) ? podGrace(before, options) : 0;
          boolean wait = type.equals(ResourceTypes.NAMESPACES);
          if (grace == 0 && !wait && !Meta.hasFinalizers(before)) {
            return new Outcome(store.remove(type, before), true);
          }
          return new Outcome(mark(type, before, grace), false);
        });
  }

  private static int podGrace(ObjectNode pod, Options options) {
    boolean unbound = pod.at("/spec/nodeName").asText("").isEmpty();
    if (unbound || TERMINAL.contains(pod.at("/status/phase").asText())) {
      return 0;
    }
    int own = pod.at("/spec/terminationGracePeriodSeconds").asInt(30);
    int wanted = options.graceSeconds().orElse(own);
    return wanted < 0 ? 1 : wanted;
  }

  /** Marks an object as being deleted; a second request can only shorten the time. */
  private ObjectNode mark(ResourceType type, ObjectNode before, int grace) {
    JsonNode current = before.at("/metadata/deletionGracePeriodSeconds");
    if (Meta.deleting(before) && current.asInt() <= grace) {
      return before;
    }
    ObjectNode after = before.deepCopy();
    ObjectNode meta = Meta.of(after);
    meta.put("deletionTimestamp", identities.nowPlus(grace));
    meta.put("deletionGracePeriodSeconds", grace);
    if (type.has(ResourceType.Feature.GENERATION)) {
      meta.put("generation", meta.path("generation").asInt() + 1);
    }
    if (type.equals(ResourceTypes.NAMESPACES)) {
      after.withObject("/status").put("phase", "Terminating");
    }
    return store.put(type, after);
  }
}
