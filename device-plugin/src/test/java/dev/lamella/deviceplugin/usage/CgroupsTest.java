package dev.lamella.deviceplugin.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupsTest {

  private static final String ID =
      "4d3a7f0f2f3f4b0f8f1b2c3d4e5f60718293a4b5c6d7e8f90123456789abcdef";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          v2, systemd, containerd     | 0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUU.slice/cri-containerd-ID.scope
          v2, systemd, CRI-O          | 0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podUU.slice/crio-ID.scope
          v2, systemd, guaranteed     | 0::/kubepods.slice/kubepods-podUU.slice/cri-containerd-ID.scope
          v2, systemd, nested group   | 0::/kubepods.slice/kubepods-podUU.slice/cri-containerd-ID.scope/system.slice/x.service
          v2, systemd, kind           | 0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-podUU.slice/cri-containerd-ID.scope
          v2, cgroupfs, containerd    | 0::/kubepods/burstable/podUD/ID
          v2, cgroupfs, CRI-O         | 0::/kubepods/besteffort/podUD/crio-ID
          v2, seen from a namespace   | 0::/../../kubepods-burstable-podUU.slice/cri-containerd-ID.scope
          v1, systemd, containerd     | 4:memory:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUU.slice/cri-containerd-ID.scope
          v1, systemd, old containerd | 11:cpu,cpuacct:/system.slice/containerd.service/kubepods-burstable-podUU.slice:cri-containerd:ID
          v1, systemd, docker         | 3:pids:/kubepods.slice/kubepods-podUU.slice/docker-ID.scope
          v1, cgroupfs, containerd    | 9:devices:/kubepods/burstable/podUD/ID
          v1, cgroupfs, CRI-O         | 9:devices:/kubepods/podUD/crio-ID
          v1, cgroupfs, in docker     | 9:devices:/docker/ID/kubelet/kubepods/besteffort/podUD/ID
          """)
  void findsThePod(String what, String line) {
    String uid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
    String text =
        line.strip().replace("UU", uid.replace('-', '_')).replace("UD", uid).replace("ID", ID);

    assertThat(Cgroups.podUid(List.of(text))).as(what).contains(uid);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a service of the host | 0::/system.slice/nvidia-persistenced.service
          a login               | 0::/user.slice/user-1000.slice/session-3.scope
          podman, not Kubernetes| 0::/machine.slice/libpod-ID.scope
          the pods' parent      | 0::/kubepods.slice
          no line of the format | nonsense
          the root              | 0::/
          """)
  void findsNoneElsewhere(String what, String line) {
    assertThat(Cgroups.podUid(List.of(line.strip().replace("ID", ID)))).as(what).isEmpty();
  }

  @Test
  void takesTheLineThatNamesOne() {
    assertThat(
            Cgroups.podUid(
                List.of(
                    "1:name=systemd:/",
                    "0::/",
                    "5:cpu:/kubepods/pod0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/" + ID)))
        .contains("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");
  }

  @Test
  void aStaticPodsUidIsAHash() {
    assertThat(
            Cgroups.podUid(List.of("0::/kubepods/burstable/pod8c73e8a4b3a94d31a5ac2f9b0d1e2f3a/x")))
        .contains("8c73e8a4b3a94d31a5ac2f9b0d1e2f3a");
  }

  @Test
  void ofAPodInsideAPodTheInnerOneCounts() {
    assertThat(
            Cgroups.podUid(
                List.of(
                    "0::/kubepods/pod00000000-0000-0000-0000-000000000001/a"
                        + "/kubepods/pod00000000-0000-0000-0000-000000000002/b")))
        .contains("00000000-0000-0000-0000-000000000002");
  }
}
