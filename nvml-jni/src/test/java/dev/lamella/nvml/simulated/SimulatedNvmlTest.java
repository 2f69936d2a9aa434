package dev.lamella.nvml.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlContract;
import dev.lamella.nvml.NvmlEvent;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SimulatedNvmlTest extends NvmlContract {

  @Override
  protected Nvml open(NodeLayout node) {
    return SimulatedNvml.of(node);
  }

  @Override
  protected void raise(int gpuIndex, NvmlEvent.Type type, long data, int instance, int compute) {
    NvmlEvent event =
        new NvmlEvent(nvml.device(gpuIndex), type, data, optional(instance), optional(compute));
    ((SimulatedNvml) nvml).raise(event);
  }

  @Override
  protected void load(Consumer<SimulatedLoad> change) {
    change.accept(((SimulatedNvml) nvml).load());
  }

  private static OptionalInt optional(int id) {
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The type 3 UUIDs of gpu-a/0, gpu-a/0/1g.5gb@0 and so on. */
  @Test
  void theUuidsFollowFromNodeAndGpuAndAreTheSameInEveryProcess() {
    assertThat(nvml.uuid(nvml.device(0))).isEqualTo("GPU-604bb432-59ff-330f-ae85-c37697c069e8");
    assertThat(slices(nvml.device(0)).stream().map(nvml::uuid))
        .containsExactly(
            "MIG-5c923d13-37d7-35d6-b87b-6323c8792b0e",
            "MIG-8971615f-fea5-3629-a068-fdb639448e1c",
            "MIG-3eeb9db4-e90a-3587-bb99-519ce427330c");
  }

  @Test
  void theSameGpuOnAnotherNodeHasAnotherUuid() {
    GpuLayout t4 = new GpuLayout("T4", false, List.of());
    Nvml other = SimulatedNvml.of(new NodeLayout("gpu-b", List.of(t4, t4, t4, t4)));

    assertThat(other.uuid(other.device(3))).isNotEqualTo(nvml.uuid(nvml.device(3)));
  }
}
