package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.nvml.NvmlProcess;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.SimulatedNvml;
import dev.lamella.nvml.standin.StandinControl;
import dev.lamella.nvml.standin.StandinLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who uses how much of a slice. */
class MemoryByPodTest {

  private static final String SHARED = "nvidia.com/mig-1g.5gb.shared";
  private static final String FIRST = "{model: A100-SXM4-40GB, slices: [%s]}";
  private static final String TWO = FIRST.formatted("1g.5gb@0, 1g.5gb@1");

  @TempDir Path dir;
  private TestNode node;

  @BeforeEach
  void node() throws Exception {
    node = new TestNode(dir, TWO);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void memoryIsToldByPodAndAPodThatUsesMoreThanItsSharesIsTold() throws Exception {
    Path proc = Files.createDirectories(dir.resolve("proc"));
    Files.createDirectories(proc.resolve("self/ns"));
    Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[4026531836]"));
    Files.createDirectories(proc.resolve("77"));
    String uid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
    Files.writeString(
        proc.resolve("77/cgroup"),
        "0::/kubepods.slice/kubepods-pod" + uid.replace('-', '_') + ".slice/crio-1.scope\n");
    node.config("usage: {everySeconds: 1}\n");
    node.start("--proc-root=" + proc);
    node.awaitDevices(SHARED, 8);
    node.awaitReported(0, 2);
    String slice = node.slices(0).get(0);
    node.api()
        .bind(
            "team",
            "p",
            uid,
            new Assignment(1, List.of(Held.shares(ResourceName.shared("1g.5gb"), slice, 1)))
                .text());
    node.kubelet().admit("team/p", SHARED, 1);

    SimulatedNvml used = SimulatedNvml.of(LayoutFile.read(dir.resolve("nodes.yaml")).get(0));
    used.load().run(slice, new NvmlProcess(77, OptionalLong.of(2L << 30)));
    StandinControl.of(used).writeFor(StandinLibrary.shared());

    String pod = "namespace=\"team\",pod=\"p\",} ";
    Wait.until(
        () ->
            assertThat(Http.get(node.daemon().metricsAddress(), "/metrics"))
                .containsPattern("lamella_slice_pod_memory_used_bytes.*" + pod + "2.147483648E9")
                .containsPattern("lamella_slice_pod_memory_budget_bytes.*" + pod + "1.275068416E9")
                .containsPattern("lamella_slice_pod_over_budget.*" + pod + "1.0")
                .containsPattern("lamella_slice_pod_budget_exceeded_total.*" + pod + "1.0")
                .containsPattern("lamella_slice_memory_used_bytes.*" + slice + ".* 2.147483648E9")
                .contains("state=\"by_pod\",} 1.0"));
    Wait.until(
        () ->
            assertThat(node.api().nodeEvents())
                .anyMatch(
                    event ->
                        event.contains("ShareBudgetExceeded")
                            && event.contains(uid)
                            && event.contains("uses 2048 MiB of GPU memory on slice " + slice)));

    node.kubelet().ended("team/p");
    node.api().remove(uid);
    Wait.until(
        () ->
            assertThat(Http.get(node.daemon().metricsAddress(), "/metrics"))
                .doesNotContain("pod=\"p\"")
                .containsPattern("lamella_slice_unattributed_memory_bytes.*} 2.147483648E9"));
  }
}
