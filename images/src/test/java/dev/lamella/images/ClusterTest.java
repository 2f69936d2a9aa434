package dev.lamella.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.SimulatedNvml;
import dev.lamella.nvml.standin.StandinControl;
import dev.lamella.nvml.standin.StandinLibrary;
import dev.lamella.simulator.apiserver.EmbeddedApiServer;
import dev.lamella.simulator.kubelet.Kubelet;
import dev.lamella.simulator.kubelet.KubeletOptions;
import dev.lamella.simulator.scheduler.ExtenderOptions;
import dev.lamella.simulator.scheduler.SchedulerLoop;
import dev.lamella.simulator.scheduler.SchedulerOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster whose daemon and extender are the images: one node with a GPU, told of by a C library
 * where NVIDIA's runtime would put the driver's. With -Dimage.train it leaves the classes that both
 * programs loaded in src/main/cds, of which the next build makes the archives.
 */
class ClusterTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARED = WHOLE + ".shared";
  private static final String NODE = "gpu-a";
  private static final Pattern SERVING =
      Pattern.compile("serving at http://0\\.0\\.0\\.0:(\\d+)\\s");

  @TempDir Path folder;

  @Test
  void podsAreGivenSlicesByWhatIsInTheImages() throws Exception {
    int metrics = Web.freePort();
    Path kubelet = Files.createDirectories(folder.resolve("k"));
    ClassList daemonClasses = ClassList.of("device-plugin", folder);
    ClassList extenderClasses = ClassList.of("scheduler-extender", folder);
    try (EmbeddedApiServer api = EmbeddedApiServer.start(0);
        Kubelet node = Kubelet.start(api.uri(), NODE, kubelet, KubeletOptions.embedded());
        InCluster pods = InCluster.of(api.uri(), folder);
        Running daemon = daemon(pods, kubelet, metrics, daemonClasses);
        Running extender = extender(pods, extenderClasses)) {
      int verbs = port(extender);
      try (SchedulerLoop scheduler = SchedulerLoop.start(api.uri(), calling(verbs))) {
        apply(api.uri());
        List<Running> programs = List.of(daemon, extender);
        JsonNode whole = running(programs, api.uri(), "whole");
        holds(node, whole, running(programs, api.uri(), "share"));
        assertThat(scheduler.attempts(whole.at("/metadata/uid").asText())).isPositive();
      }
      Web.await(
          daemon,
          () ->
              assertThat(Web.get(metrics, "/metrics"))
                  .contains("pod=\"whole\"")
                  .contains("pod=\"share\""));
      assertThat(Web.get(verbs, "/metrics")).contains("lamella_extender_");
      assertThat(Web.status(verbs, "/readyz")).isEqualTo(200);
      daemon.terminate();
      extender.terminate();
      assertThat(daemon.exitCode()).as(daemon.err()).isZero();
      assertThat(extender.exitCode()).as(extender.err()).isZero();
    }
    daemonClasses.check();
    extenderClasses.check();
  }

  private static void holds(Kubelet node, JsonNode whole, JsonNode share) throws Exception {
    assertThat(slice(whole, WHOLE)).isNotEqualTo(slice(share, SHARED));
    for (JsonNode pod : List.of(whole, share)) {
      String uid = pod.at("/metadata/uid").asText();
      assertThat(node.settings(uid, "c").orElseThrow().envs())
          .isEqualTo(Map.of("NVIDIA_VISIBLE_DEVICES", slice(pod, pod == whole ? WHOLE : SHARED)));
    }
  }

  /** As the chart starts it; NVML's library is one that is named, for the node here has none. */
  private Running daemon(InCluster pods, Path kubelet, int port, ClassList classes)
      throws Exception {
    Path layout =
        Files.writeString(
            folder.resolve("nodes.yaml"),
            "nodes: [{name: gpu-a, gpus: [{model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1]}]}]");
    Path library = StandinLibrary.compile(folder.resolve("nvml"));
    StandinControl.of(SimulatedNvml.of(LayoutFile.read(layout).get(0))).writeFor(library);
    Path config = Files.writeString(folder.resolve("config.yaml"), "{}\n");
    return pods.seenBy(classes.watch(Running.of(Image.runnable("device-plugin"))))
        .with("NODE_NAME", NODE)
        .mounting(config, "/etc/lamella/config.yaml")
        .mounting(kubelet, "/var/lib/kubelet")
        .mounting(library.getParent(), "/usr/local/nvidia")
        .run(
            folder.resolve("daemon"),
            "--config=/etc/lamella/config.yaml",
            "--kubelet-dir=/var/lib/kubelet",
            "--device-list-strategy=envvar",
            "--metrics-address=0.0.0.0:" + port,
            "--nvml=/usr/local/nvidia/" + library.getFileName());
  }

  private Running extender(InCluster pods, ClassList classes) throws Exception {
    Path config = Files.writeString(folder.resolve("extender.yaml"), "{}\n");
    return pods.seenBy(classes.watch(Running.of(Image.runnable("scheduler-extender"))))
        .with("POD_NAME", "extender-0")
        .with("POD_NAMESPACE", "lamella")
        .mounting(config, "/etc/lamella/config/config.yaml")
        .run(
            folder.resolve("extender"),
            "--config=/etc/lamella/config/config.yaml",
            "--listen=0.0.0.0:0");
  }

  /** Where the extender serves, by its own words. */
  private static int port(Running extender) throws Exception {
    Web.await(extender, () -> assertThat(extender.err()).containsPattern(SERVING));
    Matcher serving = SERVING.matcher(extender.err());
    assertThat(serving.find()).isTrue();
    return Integer.parseInt(serving.group(1));
  }

  private static SchedulerOptions calling(int port) {
    return SchedulerOptions.defaults()
        .withExtender(
            ExtenderOptions.of(
                URI.create("http://127.0.0.1:" + port),
                name -> ResourceName.parse(name).isPresent()));
  }

  private static void apply(URI api) throws Exception {
    Web.post(
        api.resolve("/apis/lamella.dev/v1alpha1/tenants"),
        """
        {"apiVersion": "lamella.dev/v1alpha1", "kind": "Tenant", "metadata": {"name": "team"},
         "spec": {"namespaces": ["default"], "class": "LatencyCritical", "priority": 1000,
          "quota": {"guaranteed": {"computeSlices": "2"}, "limit": {"computeSlices": "2"}}}}
        """);
    pod(api, "whole", WHOLE);
    pod(api, "share", SHARED);
  }

  private static void pod(URI api, String name, String resource) throws Exception {
    Web.post(
        api.resolve("/api/v1/namespaces/default/pods"),
        """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "default"},
         "spec": {"containers": [{"name": "c", "image": "i",
          "resources": {"limits": {"%s": "1"}, "requests": {"%s": "1"}}}]}}
        """
            .formatted(name, resource, resource));
  }

  private static JsonNode running(List<Running> programs, URI api, String name) throws Exception {
    URI uri = api.resolve("/api/v1/namespaces/default/pods/" + name);
    Web.await(
        programs,
        () ->
            assertThat(JSON.readTree(Web.get(uri)).at("/status/phase").asText())
                .as(Web.get(uri))
                .isEqualTo("Running"));
    return JSON.readTree(Web.get(uri));
  }

  /** The slice of the pod's assignment. */
  private static String slice(JsonNode pod, String resource) throws Exception {
    String text = pod.path("metadata").path("annotations").path("lamella.dev/assignment").asText();
    JsonNode held = JSON.readTree(text).path("held").path(0);
    assertThat(held.path("resource").asText()).isEqualTo(resource);
    return held.path("slices").path(0).asText();
  }
}
