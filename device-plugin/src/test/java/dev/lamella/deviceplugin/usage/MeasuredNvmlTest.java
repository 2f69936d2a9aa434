package dev.lamella.deviceplugin.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.simulated.GpuLayout;
import dev.lamella.nvml.simulated.NodeLayout;
import dev.lamella.nvml.simulated.SimulatedNvml;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredNvmlTest {

  private final List<String> told = new ArrayList<>();
  private final Nvml nvml =
      MeasuredNvml.of(
          SimulatedNvml.of(new NodeLayout("gpu-a", List.of(new GpuLayout("T4", false, List.of())))),
          new MeasuredNvml.Listener() {
            @Override
            public void called(String call, long nanos) {
              assertThat(nanos).isPositive();
              told.add(call);
            }

            @Override
            public void failed(String function, String status) {
              told.add(function + " " + status);
            }
          });

  @Test
  void answersWhatNvmlAnswersAndTellsTheCall() {
    assertThat(nvml.deviceCount()).isEqualTo(1);
    assertThat(told).containsExactly("deviceCount");
  }

  @Test
  void failsAsNvmlFailsAndTellsTheFunction() {
    assertThatThrownBy(() -> nvml.device(7))
        .isInstanceOf(NvmlException.class)
        .hasMessage("nvmlDeviceGetHandleByIndex_v2: INVALID_ARGUMENT (2)");
    assertThat(told).containsExactly("nvmlDeviceGetHandleByIndex_v2 INVALID_ARGUMENT", "device");
  }
}
