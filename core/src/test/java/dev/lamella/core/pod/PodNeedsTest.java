package dev.lamella.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodNeedsTest {

  private static final ResourceName SHARE = ResourceName.shared("1g.5gb");

  /** Containers in order: i = init, s = sidecar, c = ordinary, with what each asks for. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "c1          | 1 | 1",
        "c1 c2       | 3 | 1 2",
        "i1 c1       | 1 | 1",
        "i3 c1       | 3 | 1 2",
        "s1 c1       | 2 | 1 1",
        "s1 i2 c1    | 3 | 1 1 1",
        "i2 s1 c1    | 2 | 1 1",
        "i2          | 2 | 2",
        "s1 s1 i1 c1 | 3 | 1 1 1",
      })
  void countsAsTheKubeletDoes(String containers, int total, String groups) {
    PodNeeds needs = needs(containers);

    assertThat(needs.totals()).isEqualTo(Map.of(SHARE, total));
    assertThat(needs.groups(SHARE).stream().map(String::valueOf).toList())
        .isEqualTo(List.of(groups.trim().split(" ")));
  }

  private static PodNeeds needs(String containers) {
    List<ContainerNeed> list = new ArrayList<>();
    for (String text : containers.trim().split(" +")) {
      ContainerNeed.Kind kind =
          switch (text.charAt(0)) {
            case 'i' -> ContainerNeed.Kind.INIT;
            case 's' -> ContainerNeed.Kind.SIDECAR;
            default -> ContainerNeed.Kind.MAIN;
          };
      list.add(new ContainerNeed(kind, Map.of(SHARE, Integer.parseInt(text.substring(1)))));
    }
    return new PodNeeds(list);
  }
}
