package dev.lamella.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.geometry.Boards;
import org.junit.jupiter.api.Test;

class ListedProfilesTest {

  @Test
  void everyProfileOfEveryBoardIsListedWholeAndShared() {
    Boards.all().stream()
        .flatMap(board -> board.profileNames().stream())
        .forEach(
            profile ->
                assertThat(ListedProfiles.resources())
                    .contains(ResourceName.whole(profile), ResourceName.shared(profile)));
    assertThat(ListedProfiles.resources())
        .extracting(ResourceName::text)
        .contains("nvidia.com/gpu", "nvidia.com/gpu.shared", "nvidia.com/mig-1g.24gb.me.all")
        .doesNotHaveDuplicates();
  }

  @Test
  void namesThatDriftedAreNot() {
    assertThat(ListedProfiles.contains("3g.40gb")).isTrue();
    assertThat(ListedProfiles.contains("3g.39gb")).isFalse();
  }
}
