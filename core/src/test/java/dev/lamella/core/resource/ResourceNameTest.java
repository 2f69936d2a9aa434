package dev.lamella.core.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceNameTest {

  @ParameterizedTest
  @CsvSource({
    "nvidia.com/mig-1g.5gb,             1g.5gb,          false",
    "nvidia.com/mig-1g.5gb.shared,      1g.5gb,          true",
    "nvidia.com/mig-1g.10gb.me,         1g.10gb+me,      false",
    "nvidia.com/mig-1g.24gb.me.all,     1g.24gb+me.all,  false",
    "nvidia.com/mig-1g.24gb.gfx.shared, 1g.24gb+gfx,     true",
    "nvidia.com/mig-1g.24gb-me,         1g.24gb-me,      false",
    "nvidia.com/mig-7g.141gb,           7g.141gb,        false",
    "nvidia.com/gpu,                    gpu,             false",
    "nvidia.com/gpu.shared,             gpu,             true",
  })
  void readsAndWritesNvidiasNames(String text, String profile, boolean shared) {
    ResourceName resource = new ResourceName(profile, shared);
    assertThat(ResourceName.parse(text)).contains(resource);
    assertThat(resource.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cpu",
        "nvidia.com/",
        "nvidia.com/mig-",
        "nvidia.com/mig-1g",
        "amd.com/gpu",
        "nvidia.com/mig-1g.5gb+me",
        "nvidia.com/gpu.product",
        "nvidia.com/shared",
        "gpu"
      })
  void leavesOtherResourcesAlone(String text) {
    assertThat(ResourceName.parse(text)).isEmpty();
  }

  @Test
  void refusesAProfileThatIsNone() {
    assertThatThrownBy(() -> ResourceName.whole("big"))
        .hasMessage("\"big\" is no profile such as 1g.5gb");
  }

  @Test
  void deviceIdsAreSlicesOrTheirShares() {
    assertThat(DeviceId.parse("MIG-a")).isEqualTo(DeviceId.whole("MIG-a"));
    assertThat(DeviceId.parse("MIG-a::3")).isEqualTo(DeviceId.share("MIG-a", 3));
    assertThat(DeviceId.share("MIG-a", 3).text()).isEqualTo("MIG-a::3");
    assertThatThrownBy(() -> DeviceId.parse("MIG-a::x"))
        .hasMessage("\"MIG-a::x\" is no device id: expected UUID::N");
  }
}
