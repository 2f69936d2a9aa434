package dev.lamella.extender.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.extender.StandInApi;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeApiTest {

  @TempDir Path dir;

  @Test
  void everyKindOfRequestCarriesTheTokenOfTheKubeconfig() throws Exception {
    try (StandInApi api = new StandInApi();
        KubeApi kube = KubeApi.open(Optional.of(api.kubeconfig(dir, "token: abc")))) {
      try (Response got = kube.get(kube.url("/a"));
          Response posted = kube.post(kube.url("/b"), Map.of());
          Response watched = kube.watch(kube.url("/c"), 10).execute()) {
        assertThat(got.code() + posted.code() + watched.code()).isEqualTo(3 * 404);
      }
      assertThat(api.credentials()).containsExactly("Bearer abc", "Bearer abc", "Bearer abc");
    }
  }

  @Test
  void aKubeconfigWithoutATokenSendsNone() throws Exception {
    try (StandInApi api = new StandInApi();
        KubeApi kube = KubeApi.open(Optional.of(api.kubeconfig(dir)))) {
      kube.get(kube.url("/a")).close();
      assertThat(api.credentials()).containsExactly("null");
    }
  }
}
