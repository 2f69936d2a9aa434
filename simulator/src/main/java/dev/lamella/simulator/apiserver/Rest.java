package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.simulator.apiserver.ResourceType.Feature;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** Carries out one request on an object or a collection. Watches are not served here. */
final class Rest {

  private final Store store;
  private final Objects objects;
  private final Deletion deletion;
  private final Binding binding;
  private final Eviction eviction;
  private final Lists lists;

  Rest(Store store, Identities identities) {
    this.store = store;
    this.objects = new Objects(store, new Admission(store), identities);
    this.deletion = new Deletion(store, identities);
    this.binding = new Binding(store, identities);
    this.eviction = new Eviction(store, deletion);
    this.lists = new Lists(store);
  }

  /** Reads a request's body when it is wanted. */
  interface Body {
    /** The body; a missing node if it is empty. */
    JsonNode read() throws IOException;
  }

  /**
   * A request.
   *
   * @param contentType without parameters, in lower case; empty if there is none
   */
  record Call(
      String method, Target target, Query query, View view, String contentType, Body body) {}

  Answer serve(Call call) throws IOException, InterruptedException {
    if (!call.query().text("dryRun").isEmpty()) {
      throw StatusException.badRequest("dryRun is not supported by the embedded server");
    }
    Target target = call.target();
    if (target.collection()) {
      return collection(call);
    }
    return switch (target.subresource()) {
      case "" -> object(call);
      case "status" -> {
        if (!target.type().has(Feature.STATUS) || call.method().equals("DELETE")) {
          throw noSuch();
        }
        yield object(call);
      }
      case "scale" -> scale(call);
      case "binding", "eviction" -> pod(call);
      default -> throw noSuch();
    };
  }

  private Answer collection(Call call) throws IOException, InterruptedException {
    return switch (call.method()) {
      case "GET" -> Answer.ok(lists.list(call.target(), call.query(), call.view()));
      case "POST" -> {
        call.view().check(false);
        ObjectNode created = objects.create(call.target(), json(call));
        yield Answer.created(call.view().of(created));
      }
      case "DELETE" -> {
        Deletion.Options options = Deletion.Options.read(call.body().read(), call.query());
        ObjectNode list = lists.list(call.target(), call.query(), View.FULL);
        for (JsonNode item : list.path("items")) {
          remove(call.target().type(), item, options);
        }
        yield Answer.ok(list);
      }
      default -> throw notAllowed();
    };
  }

  private void remove(ResourceType type, JsonNode item, Deletion.Options options) {
    String namespace = Meta.namespace(item);
    if (store.find(type, namespace, Meta.name(item)).isPresent()) {
      deletion.delete(type, namespace, Meta.name(item), options);
    }
  }

  private Answer object(Call call) throws IOException {
    Target target = call.target();
    call.view().check(false);
    ObjectNode result =
        switch (call.method()) {
          case "GET" -> store.get(target.type(), target.namespace(), target.name());
          case "PUT" -> objects.replace(target, json(call));
          case "PATCH" -> objects.patch(target, patch(call));
          case "DELETE" -> delete(call);
          default -> throw notAllowed();
        };
    return Answer.ok(call.view().of(result));
  }

  private ObjectNode delete(Call call) throws IOException {
    Target target = call.target();
    ResourceType type = target.type();
    Deletion.Options options = Deletion.Options.read(call.body().read(), call.query());
    Deletion.Outcome outcome = deletion.delete(type, target.namespace(), target.name(), options);
    if (!outcome.gone() || type.has(Feature.RETURNS_DELETED)) {
      return outcome.object();
    }
    ObjectNode status = Answer.success();
    ObjectNode details = status.putObject("details").put("name", target.name());
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    details.put("kind", type.plural()).put("uid", Meta.uid(outcome.object()));
    return status;
  }

  private Answer pod(Call call) throws IOException {
    if (!call.target().type().equals(ResourceTypes.PODS)) {
      throw noSuch();
    }
    if (!call.method().equals("POST")) {
      throw notAllowed();
    }
    if (call.target().subresource().equals("binding")) {
      binding.bind(call.target(), json(call));
    } else {
      eviction.evict(call.target(), json(call), call.query());
    }
    return Answer.created(Answer.success());
  }

  private Answer scale(Call call) throws IOException {
    Target target = call.target();
    if (!target.type().has(Feature.SCALE)) {
      throw noSuch();
    }
    ObjectNode current = store.get(target.type(), target.namespace(), target.name());
    if (!call.method().equals("GET")) {
      ObjectNode wanted =
          switch (call.method()) {
            case "PUT" -> Bodies.object(json(call));
            case "PATCH" -> Bodies.object(patch(call).apply(Scale.of(current)));
            default -> throw notAllowed();
          };
      Target whole = new Target(target.type(), target.namespace(), target.name(), "");
      current = objects.patch(whole, before -> Scale.apply(before, wanted));
    }
    return Answer.ok(Scale.of(current));
  }

  private static UnaryOperator<JsonNode> patch(Call call) throws IOException {
    JsonNode patch = call.body().read();
    return switch (call.contentType()) {
      case "application/json-patch+json" -> before -> JsonPatch.apply(before, patch);
      case "application/merge-patch+json" ->
          before -> MergePatch.apply(before, Bodies.object(patch));
      case "application/strategic-merge-patch+json" -> {
        if (call.target().type().has(Feature.CUSTOM)) {
          throw StatusException.unsupported(
              "strategic merge patch is not supported for custom resources");
        }
        yield before -> MergePatch.strategic(before, Bodies.object(patch));
      }
      default ->
          throw StatusException.unsupported(
              "a patch of type \"%s\"; the body of the request was in an unknown format"
                  .formatted(call.contentType()));
    };
  }

  private static JsonNode json(Call call) throws IOException {
    if (!call.contentType().isEmpty() && !call.contentType().equals("application/json")) {
      throw StatusException.unsupported(
          "the body of the request was in an unknown format - accepted media types include:"
              + " application/json");
    }
    return call.body().read();
  }

  static StatusException noSuch() {
    return new StatusException(404, "NotFound", "the server could not find the requested resource");
  }

  private static StatusException notAllowed() {
    return new StatusException(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }
}
