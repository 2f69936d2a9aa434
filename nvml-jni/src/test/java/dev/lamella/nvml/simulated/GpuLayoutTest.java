package dev.lamella.nvml.simulated;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.PlacedProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

class GpuLayoutTest {

  private static final PlacedProfile SLICE =
      new PlacedProfile(Boards.byModel("A30").orElseThrow().profile("2g.12gb").orElseThrow(), 0);

  @Test
  void noIllegalLayoutExists() {
    assertThatThrownBy(() -> new GpuLayout("V100", false, List.of()))
        .hasMessage("no board is called V100");
    assertThatThrownBy(() -> new GpuLayout("T4", true, List.of()))
        .hasMessage("T4 with MIG on cannot have slices []");
    assertThatThrownBy(() -> new GpuLayout("A30", false, List.of(SLICE)))
        .hasMessage("A30 with MIG off cannot have slices [2g.12gb@0]");
    assertThatThrownBy(() -> new GpuLayout("A30", true, List.of(SLICE, SLICE)))
        .hasMessageStartingWith("slice 2g.12gb@0 is illegal: its memory slices 0..1 overlap");
  }
}
