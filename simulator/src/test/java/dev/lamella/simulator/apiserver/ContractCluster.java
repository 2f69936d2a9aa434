package dev.lamella.simulator.apiserver;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Binding;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1ObjectReference;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.util.PatchUtils;
import java.io.IOException;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The cluster that a contract is checked on, and short ways to speak to it. */
interface ContractCluster {

  ApiClient client();

  /** A namespace that nothing else uses. */
  String namespace();

  CoreV1Api core();

  /** Something that the server may refuse. */
  interface Attempt {
    Object run() throws ApiException;
  }

  /** The HTTP status of an attempt: 200 if it worked. */
  static int codeOf(Attempt attempt) {
    try {
      attempt.run();
      return 200;
    } catch (ApiException e) {
      return e.getCode();
    }
  }

  /** A pod that no scheduler touches. */
  default V1Pod pod(String name) {
    V1Container container = new V1Container().name("main").image("registry.k8s.io/pause:3.10");
    return new V1Pod()
        .metadata(new V1ObjectMeta().name(name).putLabelsItem("app", name))
        // client-java sets an empty overhead, which upstream refuses without a RuntimeClass.
        .spec(
            new V1PodSpec().overhead(null).schedulerName("contract").addContainersItem(container));
  }

  default V1Pod create(V1Pod pod) throws ApiException {
    return core().createNamespacedPod(namespace(), pod).execute();
  }

  default V1Pod read(String name) throws ApiException {
    return core().readNamespacedPod(name, namespace()).execute();
  }

  default void bind(V1Binding binding) throws ApiException {
    String name = binding.getMetadata().getName();
    try {
      core().createNamespacedPodBinding(name, namespace(), binding).execute();
    } catch (IllegalArgumentException e) {
      // client-java reads the answer, a Status, as a Binding, and finds that it is none.
      if (!e.getMessage().contains("V1Binding")) {
        throw e;
      }
    }
  }

  default V1Binding binding(String pod, String node) {
    return new V1Binding()
        .metadata(new V1ObjectMeta().name(pod).annotations(Map.of("lamella.dev/test", "bound")))
        .target(new V1ObjectReference().kind("Node").name(node));
  }

  default V1Pod patch(String name, String format, String patch) throws ApiException {
    return PatchUtils.patch(
        V1Pod.class,
        () -> core().patchNamespacedPod(name, namespace(), new V1Patch(patch)).buildCall(null),
        format,
        client());
  }

  /** An answer as it came. */
  record Raw(int code, JsonObject body) {
    String at(String field) {
      return body.get(field).getAsString();
    }
  }

  /**
   * Sends a request past the typed client.
   *
   * @param body null for none
   */
  default Raw send(String method, String path, String accept, String body) throws IOException {
    RequestBody sent =
        body == null ? null : RequestBody.create(body, MediaType.get("application/json"));
    Request request =
        new Request.Builder()
            .url(client().getBasePath() + path)
            .header("Accept", accept)
            .method(method, sent)
            .build();
    try (Response response = client().getHttpClient().newCall(request).execute()) {
      String text = response.body().string();
      return new Raw(response.code(), JsonParser.parseString(text).getAsJsonObject());
    }
  }
}
