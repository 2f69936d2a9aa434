package dev.lamella.deviceplugin.conformance;

import static dev.lamella.deviceplugin.conformance.Host.FOUR;
import static dev.lamella.deviceplugin.conformance.Host.SHARED;
import static dev.lamella.deviceplugin.conformance.Host.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.deviceplugin.Wait;
import dev.lamella.proto.deviceplugin.v1beta1.RegisterRequest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the daemon gets to be known to the kubelet, and stays so. */
class RegistrationTest {

  @TempDir Path dir;
  private Host host;

  @AfterEach
  void stop() {
    host.close();
  }

  private void awaitAll() throws Exception {
    host.awaitDevices(WHOLE, 4);
    host.awaitDevices(SHARED, 16);
  }

  private List<String> endpoints() {
    return host.kubelet().registrations().stream().map(RegisterRequest::getEndpoint).toList();
  }

  private Set<String> sockets() throws IOException {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(host.plugins(), "*.sock")) {
      found.forEach(socket -> names.add(socket.getFileName().toString()));
    }
    names.remove("kubelet.sock");
    return names;
  }

  @Test
  void eachPoolOnceWithVersionOptionsAndASocketNoStartEverHad() throws Exception {
    host = Host.with(dir, FOUR);
    Daemon first = host.start();
    awaitAll();

    assertThat(host.kubelet().registrations())
        .extracting(RegisterRequest::getResourceName)
        .containsExactly(WHOLE, SHARED);
    assertThat(host.kubelet().registrations())
        .allMatch(request -> request.getVersion().equals("v1beta1"))
        .allMatch(request -> request.getOptions().getGetPreferredAllocationAvailable());
    assertThat(host.kubelet().options(WHOLE))
        .isEqualTo(host.kubelet().registrations().get(0).getOptions());
    Set<String> served = sockets();
    assertThat(served).containsExactlyInAnyOrderElementsOf(endpoints());

    first.kill();
    host.start();
    Wait.until(() -> assertThat(endpoints()).hasSize(4).doesNotHaveDuplicates());
    awaitAll();

    assertThat(sockets()).hasSize(2).doesNotContainAnyElementsOf(served);
  }

  @Test
  void waitsForAKubeletThatComesLate() throws Exception {
    host = Host.bare(dir);
    host.installDriver(FOUR);
    Daemon daemon = host.start();
    Wait.until(() -> assertThat(daemon.log()).anyMatch(line -> line.contains("KubeletAbsent")));

    host.startKubelet();

    awaitAll();
  }

  @Test
  void goesOnAskingAKubeletThatRefusesAndIsPatientWithASlowOne() throws Exception {
    host = Host.with(dir, FOUR);
    host.kubelet().refuse(true);
    Daemon daemon = host.start();
    Wait.until(
        () ->
            assertThat(daemon.log())
                .anyMatch(line -> line.contains("RegistrationFailed") && line.contains("not now")));

    host.kubelet().slow(Duration.ofSeconds(1));
    host.kubelet().refuse(false);
    awaitAll();

    // A slow answer is not taken for none: neither pool came twice.
    assertThat(endpoints()).hasSize(2);
  }

  @Test
  void aRestartedKubeletADeletedSocketAndACutStreamLeadToANewRegistration() throws Exception {
    host = Host.with(dir, FOUR);
    host.start();
    awaitAll();
    List<String> before = endpoints();

    host.kubelet().restart();
    Wait.until(() -> assertThat(endpoints()).hasSize(4).doesNotHaveDuplicates());
    awaitAll();

    Files.delete(host.kubelet().socketOf(SHARED));
    Wait.until(() -> assertThat(endpoints()).hasSize(5).doesNotHaveDuplicates());
    assertThat(host.kubelet().registrations().get(4).getResourceName()).isEqualTo(SHARED);
    awaitAll();

    host.kubelet().cut(WHOLE);
    Wait.until(() -> assertThat(endpoints()).hasSize(6));
    assertThat(host.kubelet().registrations().get(5).getResourceName()).isEqualTo(WHOLE);
    awaitAll();

    assertThat(sockets()).hasSize(2).doesNotContainAnyElementsOf(before);
  }

  @Test
  void sigtermTakesTheSocketsAlong() throws Exception {
    host = Host.with(dir, FOUR);
    Daemon daemon = host.start();
    awaitAll();

    daemon.terminate();

    assertThat(daemon.exitCode()).isZero();
    assertThat(sockets()).isEmpty();
  }
}
