package dev.lamella.simulator.trace.openb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lamella.simulator.trace.experiment.InvalidInputException;
import dev.lamella.simulator.trace.openb.OpenbTrace.NodeLine;
import dev.lamella.simulator.trace.openb.OpenbTrace.PodLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenbRunTest {

  private static final PodShape HALF = new PodShape(1_000, 500, 1);
  private static final PodShape WHOLE = new PodShape(1_000, 1_000, 1);
  private static final PodShape CPU_ONLY = new PodShape(1_000, 0, 0);

  @TempDir private Path folder;

  @Test
  void bestFitScoresWhatIsLeftOfCpuAndGpu() {
    BestFitScore score = new BestFitScore();
    // 7 of 128 cores and half of 8 GPUs' worth less 7.5 are left: 100 * (1 - 0.0273 - 0.03125).
    assertThat(score.score(machine(8_000, 1), HALF)).isEqualTo(94);
    assertThat(score.score(machine(16_000, 2), HALF)).isEqualTo(84);
    assertThat(score.score(machine(8_000, 1), CPU_ONLY)).isEqualTo(91);
  }

  /** Typical pods: a half and a whole GPU, each as often as the other. */
  @Test
  void fragmentationIsWhatTypicalPodsHaveNoUseFor() {
    TypicalPods typical = TypicalPods.of(List.of(pod(HALF), pod(WHOLE)));
    // The half could use both; a whole pod has no use for the 500.
    assertThat(typical.unusable(8_000, new int[] {1_000, 500})).isEqualTo(250);
    // Nobody gets a whole GPU: all of it is lost for that pod.
    assertThat(typical.unusable(8_000, new int[] {500, 500})).isEqualTo(500);
    // Without CPU nothing is of use.
    assertThat(typical.unusable(500, new int[] {1_000, 500})).isEqualTo(1_500);
  }

  @Test
  void fgdPutsTheShareOnTheGpuThatKeepsTheOtherWhole() {
    FragmentationScore score =
        new FragmentationScore(TypicalPods.of(List.of(pod(HALF), pod(WHOLE))));
    Machine machine = machine(8_000, 2);
    machine.take(pod(HALF), 1);

    assertThat(score.sharedGpu(machine, HALF)).isEqualTo(1);
    // F falls from 250 to 0: 100 * sigmoid(0.25).
    assertThat(score.score(machine, HALF)).isEqualTo(56);
    // F stays 250: the node no longer hosts a whole pod, and 500 are left. 100 * sigmoid(0).
    assertThat(score.score(machine, WHOLE)).isEqualTo(50);
  }

  @Test
  void typicalPodsCoverNinetyFivePercent() {
    List<PodLine> pods = new ArrayList<>(Collections.nCopies(94, pod(HALF)));
    pods.addAll(Collections.nCopies(4, pod(WHOLE)));
    pods.addAll(Collections.nCopies(2, pod(CPU_ONLY)));
    assertThat(TypicalPods.of(pods).shapes()).containsExactly(HALF, WHOLE);
  }

  @Test
  void aMachineGivesNothingTwice() {
    Machine machine = machine(3_000, 2);
    machine.take(pod(WHOLE), -1);
    assertThat(machine.residuals()).containsExactly(0, 1_000);
    assertThat(machine.tightest(HALF)).isEqualTo(1);
    machine.take(pod(HALF), 1);
    assertThat(machine.hosts(WHOLE)).isFalse();
    assertThat(machine.hosts(new PodLine(HALF, 1_000_000))).isFalse();
    machine.take(pod(HALF), 1);
    assertThat(machine.gpuMilli()).isZero();
    assertThat(machine.hosts(CPU_ONLY)).isFalse();
  }

  /** Two nodes with three GPUs; pods of half a GPU each, so that every policy fills all of it. */
  @Test
  void aSmallTraceFromFiles() throws IOException {
    write("openb_node_list_gpu_node.csv", "sn,cpu_milli,memory_mib,gpu,model", "b,9000,90,2,T4");
    append("openb_node_list_gpu_node.csv", "a,9000,90,1,T4", "c,9000,90,0,none");
    write("openb_pod_list_default.csv", "name,cpu_milli,memory_mib,num_gpu,gpu_milli");
    for (int i = 0; i < 5; i++) {
      append("openb_pod_list_default.csv", "p" + i + ",1000,10,1,500");
    }
    OpenbTrace trace = OpenbTrace.read(folder, "default");

    assertThat(trace.nodes()).extracting(NodeLine::name).containsExactly("a", "b");
    assertThat(Workload.of(trace, 1)).hasSize(8);
    for (String policy : NodePolicy.NAMES) {
      assertThat(new OpenbRun(trace, policy, 1).measure())
          .as(policy)
          .extracting("percent", Double.class)
          .satisfies(percent -> assertThat(percent.get(0)).isCloseTo(100, within(1e-9)));
    }
  }

  @Test
  void aBrokenLineIsNamed() throws IOException {
    write("openb_node_list_gpu_node.csv", "sn,cpu_milli,memory_mib,gpu,model", "a,many,90,2,T4");
    assertThatThrownBy(() -> OpenbTrace.read(folder, "default"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("node.csv line 2: cpu_milli is 'many', not a whole number");

    write("openb_node_list_gpu_node.csv", "sn,cpu_milli,memory_mib,gpu,model", "a,9000,90,2,T4");
    write("openb_pod_list_default.csv", "name,cpu_milli,memory_mib,num_gpu,gpu_milli", "p,1,1,2,5");
    assertThatThrownBy(() -> OpenbTrace.read(folder, "default"))
        .hasMessageContaining("default.csv line 2: num_gpu 2 with gpu_milli 5");

    write("openb_pod_list_default.csv", "name,cpu_milli,num_gpu,gpu_milli", "p,1,1,500");
    assertThatThrownBy(() -> OpenbTrace.read(folder, "default"))
        .hasMessageContaining("line 2 has no column memory_mib");
  }

  private void write(String file, String... lines) throws IOException {
    Files.write(folder.resolve(file), List.of(lines));
  }

  private void append(String file, String... lines) throws IOException {
    List<String> all = new ArrayList<>(Files.readAllLines(folder.resolve(file)));
    all.addAll(List.of(lines));
    Files.write(folder.resolve(file), all);
  }

  private static Machine machine(int cpuMilli, int gpus) {
    return new Machine(new NodeLine("n", cpuMilli, 1_000, gpus));
  }

  private static PodLine pod(PodShape shape) {
    return new PodLine(shape, 10);
  }
}
