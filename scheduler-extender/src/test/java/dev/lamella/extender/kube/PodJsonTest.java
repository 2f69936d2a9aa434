package dev.lamella.extender.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.ledger.Phase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodJsonTest {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                                       | PENDING
          {"phase": "Running", "containerStatuses": [{"name": "c"}]}               | RUNNING
          {"phase": "Succeeded"}                                                   | SUCCEEDED
          {"phase": "Failed", "containerStatuses": [{"name": "c"}]}                | FAILED
          {"phase": "Failed", "reason": "UnexpectedAdmissionError"}                | REFUSED
          {"phase": "Failed", "reason": "Evicted", "containerStatuses": []}        | REFUSED
          """)
  void aPodThatFailedBeforeAnyContainerRanWasRefused(String status, Phase phase) throws Exception {
    String pod =
        """
        {"metadata": {"uid": "u", "namespace": "n", "name": "p", "resourceVersion": "7"},
         "spec": {"nodeName": "n0", "containers": [
           {"name": "c", "resources": {"limits": {"nvidia.com/mig-1g.5gb": "1"}}}]},
         "status": %s}
        """
            .formatted(status);

    assertThat(JSON.readValue(pod, PodJson.class).fact().orElseThrow().phase()).isEqualTo(phase);
  }
}
