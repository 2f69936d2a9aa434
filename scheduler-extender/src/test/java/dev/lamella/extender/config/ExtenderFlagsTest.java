package dev.lamella.extender.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtenderFlagsTest {

  @TempDir Path dir;

  @Test
  void hasDefaults() {
    ExtenderFlags flags = ExtenderFlags.parse().orElseThrow();

    assertThat(flags.listen().getPort()).isEqualTo(8888);
    assertThat(flags.kubeconfig()).isEmpty();
    assertThat(flags.config()).isEqualTo(ExtenderConfig.DEFAULTS);
    assertThat(flags.config().placementPolicy()).isEqualTo("pack");
    assertThat(flags.config().limits())
        .isEqualTo(new Limits(32, 96, 16, 1024, 64, 256, 10, 10, 100, 512, 3));
    assertThat(flags.config().tls()).isNull();
    assertThat(flags.config().access())
        .isEqualTo(new AccessConfig("anyone", List.of(), "anyone", "anyone"));
  }

  @ParameterizedTest
  @CsvSource({
    "--listne=x,        --listne",
    "--listen=8888,     '--listen is 8888, expected HOST:PORT'",
    "--listen=a:b,      '--listen is a:b, expected HOST:PORT'",
    "--kubeconfig,      --kubeconfig",
  })
  void namesAWrongFlagInOneLine(String flag, String message) {
    assertThatThrownBy(() -> ExtenderFlags.parse(flag))
        .isInstanceOf(WrongInput.class)
        .hasMessageContaining(message)
        .message()
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit: {}           | unknown key limit, did you mean limits?",
        "limits: {maxBodyMb: 3}  | unknown key limits.maxBodyMb, did you mean maxBodyMiB?",
        "limits: {maxBodyMiB: 0} | limits: maxBodyMiB is 0, expected 1 to 512",
        "limits: {maxBodyMiB: 9, maxBodiesMiB: 8} | maxBodiesMiB is 8, expected 9 to 8192",
        "limits: {maxBodyMiB: lots} | limits.maxBodyMiB: ",
        "tls: {certFile: c}  | tls.keyFile is missing, expected a file's path",
        "access: {readers: all} | access.readers is all, expected one of [anyone, token]",
        "access: {verbs: clientCertificate} | access.verbs is clientCertificate, expected tls",
        "access: {clientNames: [x]} | expected access.verbs to be clientCertificate",
        "placementPolicy: tight | placementPolicy is tight, expected one of [pack, spread, fragmentation]",
        "leader: {elected: true} | unknown key leader.elected, did you mean elect?",
        "leader: {leaseSeconds: 1} | leader.leaseSeconds is 1, expected 3 to 300",
        "staleness: {limitSeconds: 0} | staleness.limitSeconds is 0, expected 3 to 3600",
        "'{'                 | not YAML",
      })
  void namesAWrongKeyInOneLine(String yaml, String message) throws Exception {
    Path file = Files.writeString(dir.resolve("config.yaml"), yaml.replace("'{'", "{"));
    ExtenderFlags flags = ExtenderFlags.parse("--config", file.toString()).orElseThrow();

    assertThatThrownBy(flags::config)
        .isInstanceOf(WrongInput.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message)
        .message()
        .hasLineCount(1);
  }

  @Test
  void oneOfSeveralReplicasNeedsANamespaceForItsLease() {
    ExtenderFlags flags = ExtenderFlags.parse("--leader-elect").orElseThrow();
    assertThatThrownBy(flags::config)
        .isInstanceOf(WrongInput.class)
        .hasMessageContaining("--pod-namespace is missing");

    ExtenderFlags complete =
        ExtenderFlags.parse("--leader-elect", "--pod-namespace=lamella").orElseThrow();
    assertThat(complete.config().leader().elect()).isTrue();
    assertThat(complete.config().leader().leaseSeconds()).isEqualTo(15);
    assertThat(complete.config().staleness().limitSeconds()).isEqualTo(60);
  }

  @Test
  void namesAFileThatIsNotThere() {
    ExtenderFlags flags = ExtenderFlags.parse("--config", "/no/such/file").orElseThrow();

    assertThatThrownBy(flags::config)
        .isInstanceOf(WrongInput.class)
        .hasMessageContaining("/no/such/file: cannot be read");
  }
}
