package dev.lamella.simulator.demo;

import dev.lamella.simulator.apiserver.EmbeddedApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Applies manifests, and finds out beforehand whether they can be. */
final class Manifests {

  private static final int FORBIDDEN = 403;

  private Manifests() {}

  /**
   * Reads files, and applies them to a server that nothing else runs on: what it refuses there, it
   * would refuse later. Quotas are left to later, since pods that ended make room.
   *
   * @return the objects of each file
   * @throws WrongInput naming file, document, field and value
   */
  static List<List<Manifest>> check(List<Path> files) throws IOException {
    List<List<Manifest>> all = new ArrayList<>();
    try (EmbeddedApiServer scratch = EmbeddedApiServer.start(0);
        ClusterApi api = new ClusterApi(scratch.uri())) {
      for (Path file : files) {
        List<Manifest> manifests = ManifestReader.read(file);
        for (Manifest manifest : manifests) {
          ClusterApi.Reply reply = api.apply(resource(api, manifest), manifest);
          if (!reply.ok() && reply.code() != FORBIDDEN) {
            throw refused(manifest, reply);
          }
        }
        all.add(manifests);
      }
    }
    return all;
  }

  /**
   * Applies the objects of one file.
   *
   * @throws DemoFailed if the server refuses one
   */
  static void apply(ClusterApi api, List<Manifest> manifests) throws IOException {
    for (Manifest manifest : manifests) {
      ClusterApi.Reply reply = api.apply(resource(api, manifest), manifest);
      if (!reply.ok()) {
        throw new DemoFailed(refused(manifest, reply).getMessage());
      }
    }
  }

  private static ClusterApi.Resource resource(ClusterApi api, Manifest manifest)
      throws IOException {
    return api.resource(manifest.apiVersion(), manifest.kind())
        .orElseThrow(
            () ->
                manifest.wrong(
                    "kind is \"%s\" of apiVersion \"%s\": the cluster knows no such kind"
                        .formatted(manifest.kind(), manifest.apiVersion())));
  }

  private static WrongInput refused(Manifest manifest, ClusterApi.Reply reply) {
    boolean namespace = reply.body().at("/details/kind").asText().equals("namespaces");
    return reply.code() == 404 && namespace
        ? manifest.wrong(
            "metadata.namespace is \"%s\": no such namespace, nor one in a file before it"
                .formatted(manifest.namespace()))
        : manifest.wrong(reply.message());
  }
}
