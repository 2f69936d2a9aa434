package dev.lamella.deviceplugin.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.LamellaApi;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** This node's GpuNode: made if it is not there, owned by the Node; only its status is written. */
public final class GpuNodeObject {

  private static final String META_ONLY =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
  private static final String COLLECTION =
      "/apis/" + LamellaApi.GROUP + "/" + LamellaApi.VERSION + "/" + LamellaApi.GPU_NODES;

  /** Who holds what is told slice by slice, and how far that is true goes with it. */
  private static final List<String> NOT_FROM_NVML = List.of("serving", "conditions");

  private final ApiServer server;
  private final String node;
  private final Consumer<Set<String>> onCordoned;

  /**
   * @param onCordoned told after each write which GPUs and slices the operator keeps new pods away
   *     from: the answer to a write shows spec, and so no right to read is needed
   */
  public GpuNodeObject(ApiServer server, String node, Consumer<Set<String>> onCordoned) {
    this.server = server;
    this.node = node;
    this.onCordoned = onCordoned;
  }

  /**
   * Replaces the status. A merge patch without a resource version: the daemon is the only writer of
   * the status, so there is no conflict to lose, and the operator's spec is not touched.
   *
   * @param asked whether NVML was asked; if not, only what does not come from it is replaced
   * @throws IOException if the API server refused or could not be reached
   */
  public void write(GpuNodeStatus status, boolean asked) throws IOException {
    Set<String> uuids = new TreeSet<>();
    ObjectNode said = ApiServer.JSON.valueToTree(status);
    JsonNode answer = patched(asked ? said : said.retain(NOT_FROM_NVML));
    answer.path("spec").path("cordoned").forEach(uuid -> uuids.add(uuid.asText()));
    onCordoned.accept(uuids);
  }

  private JsonNode patched(ObjectNode status) throws IOException {
    ObjectNode patch = ApiServer.JSON.createObjectNode();
    patch.set("status", status);
    ApiServer.Call call = ApiServer.Call.of("PATCH", COLLECTION + "/" + node + "/status", patch);
    try {
      return server.send(call);
    } catch (ApiException e) {
      if (e.code() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      create();
      return server.send(call);
    }
  }

  private void create() throws IOException {
    JsonNode owner = server.send(ApiServer.Call.get("/api/v1/nodes/" + node, Map.of(), META_ONLY));
    ObjectNode object = ApiServer.JSON.createObjectNode();
    object.put("apiVersion", LamellaApi.GROUP + "/" + LamellaApi.VERSION).put("kind", "GpuNode");
    ObjectNode metadata = object.putObject("metadata").put("name", node);
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "v1")
        .put("kind", "Node")
        .put("name", node)
        .put("uid", owner.path("metadata").path("uid").asText());
    object.putObject("spec");
    try {
      server.send(ApiServer.Call.of("POST", COLLECTION, object));
    } catch (ApiException e) {
      // Made by a daemon before us in the same moment: what matters is that it is there.
      if (e.code() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }
}
