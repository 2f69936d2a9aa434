package dev.lamella.extender.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.pod.PodRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedViewerTest {

  private final List<String> asked = new ArrayList<>();

  private boolean may(String namespace, String name) {
    asked.add(namespace + "/" + name);
    return namespace.equals("own") || (namespace + "/" + name).equals("other/shown");
  }

  private static PodRef pod(String namespace, String name) {
    return new PodRef("uid-" + name, namespace, name);
  }

  @Test
  void aNamespaceIsAskedForOnce() {
    RememberedViewer viewer = new RememberedViewer(this::may);

    assertThat(viewer.sees(pod("own", "a"))).isTrue();
    assertThat(viewer.sees(pod("own", "b"))).isTrue();
    assertThat(asked).containsExactly("own/");
  }

  @Test
  void aPodMayBeSeenByItsNameAlone() {
    RememberedViewer viewer = new RememberedViewer(this::may);

    assertThat(viewer.sees(pod("other", "shown"))).isTrue();
    assertThat(viewer.sees(pod("other", "hidden"))).isFalse();
    assertThat(asked).containsExactly("other/", "other/shown", "other/hidden");
  }

  @Test
  void aThousandForeignPodsDoNotAskAThousandTimes() {
    RememberedViewer viewer = new RememberedViewer(this::may);

    for (int i = 0; i < 1_000; i++) {
      assertThat(viewer.sees(pod("other", "p" + i))).isFalse();
    }

    assertThat(asked).hasSizeLessThan(20);
  }

  @Test
  void whenNobodyCanSayNothingIsShown() {
    RememberedViewer viewer =
        new RememberedViewer(
            (namespace, name) -> {
              throw new IOException("the API server is away");
            });

    assertThatThrownBy(() -> viewer.sees(pod("own", "a"))).isInstanceOf(UncheckedIOException.class);
  }
}
