package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lamella.proto.deviceplugin.v1beta1.AllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerPreferredAllocationRequest;
import dev.lamella.proto.deviceplugin.v1beta1.PreferredAllocationRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that no kubelet sends: each is refused with what is wrong, and none leaves a trace. */
class FuzzedRequestsTest {

  private static final String TWO = "{model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1]}";
  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARED = WHOLE + ".shared";
  private static final long SEED = 20_261_122;
  private static final int ROUNDS = 400;

  @TempDir Path dir;
  private TestNode node;
  private List<String> slices;

  @BeforeEach
  void node() throws Exception {
    node = new TestNode(dir, TWO);
    node.start();
    node.awaitDevices(SHARED, 8);
    node.awaitDevices(WHOLE, 2);
    slices = node.awaitSlices(2);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  /** An id that the pool of shares does not have. */
  private String wrong(Random random) {
    String slice = slices.get(random.nextInt(slices.size()));
    return switch (random.nextInt(9)) {
      case 0 -> "";
      case 1 -> slice;
      case 2 -> slice + "::4";
      case 3 -> slice + "::-1";
      case 4 -> slice + "::99999999999999999999";
      case 5 -> "::0";
      case 6 -> "MIG-" + "x".repeat(300) + "::0";
      case 7 -> "\u0000\r\nX-Header: 1\u202e\ud83d\ude00";
      default -> "GPU-" + random.nextLong() + "::0::1";
    };
  }

  private List<String> request(Random random) {
    List<String> ids = new ArrayList<>();
    for (String slice : slices) {
      for (int k = 0; k < 4; k++) {
        if (random.nextInt(4) == 0) {
          ids.add(slice + "::" + k);
        }
      }
    }
    switch (random.nextInt(4)) {
      case 0 -> ids.clear();
      case 1 -> {
        ids.add(slices.get(0) + "::0");
        ids.add(slices.get(0) + "::0");
      }
      case 2 ->
          Collections.addAll(ids, Collections.nCopies(5_000, wrong(random)).toArray(String[]::new));
      default -> ids.add(wrong(random));
    }
    Collections.shuffle(ids, random);
    return ids;
  }

  private StatusRuntimeException refused(AllocateRequest request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> node.kubelet().plugin(SHARED).allocate(request));
  }

  private static void saysWhatIsWrong(StatusRuntimeException refusal, int round) {
    assertThat(refusal).as("seed %d, round %d", SEED, round).isNotNull();
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getStatus().getDescription())
        .as("seed %d, round %d", SEED, round)
        .matches("[ -~]{20,300}");
  }

  private void nothingIsHeldAndEverythingCanBeHad() throws Exception {
    // A reading is under way after each call: the report shows what the book holds.
    Wait.until(() -> assertThat(node.slice(slices.get(0)).get("mode").asText()).isEqualTo("Free"));
    assertThat(node.slice(slices.get(1)).get("mode").asText()).isEqualTo("Free");
    assertThat(node.kubelet().admit("team/all", WHOLE, 2)).hasSize(2);
  }

  @Test
  void allocationsThatAreWrongAreRefusedAndHoldNothing() throws Exception {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      ContainerAllocateRequest wrong =
          ContainerAllocateRequest.newBuilder().addAllDevicesIds(request(random)).build();
      saysWhatIsWrong(
          refused(AllocateRequest.newBuilder().addContainerRequests(wrong).build()), round);
    }
    nothingIsHeldAndEverythingCanBeHad();
  }

  @Test
  void aRequestForSeveralContainersIsGrantedAsAWholeOrNotAtAll() throws Exception {
    ContainerAllocateRequest right =
        ContainerAllocateRequest.newBuilder().addDevicesIds(slices.get(0) + "::0").build();
    ContainerAllocateRequest wrong =
        ContainerAllocateRequest.newBuilder().addDevicesIds(slices.get(0) + "::7").build();

    saysWhatIsWrong(
        refused(
            AllocateRequest.newBuilder()
                .addContainerRequests(right)
                .addContainerRequests(wrong)
                .build()),
        0);
    saysWhatIsWrong(
        refused(
            AllocateRequest.newBuilder()
                .addContainerRequests(right)
                .addContainerRequests(right)
                .build()),
        1);

    nothingIsHeldAndEverythingCanBeHad();
  }

  @Test
  void questionsThatContradictThemselvesAreRefused() throws Exception {
    Random random = new Random(SEED);
    List<String> all = List.copyOf(node.kubelet().devices(SHARED));
    for (int round = 0; round < ROUNDS; round++) {
      ContainerPreferredAllocationRequest.Builder ask =
          ContainerPreferredAllocationRequest.newBuilder().addAllAvailableDeviceIDs(all);
      switch (random.nextInt(4)) {
        case 0 -> ask.setAllocationSize(-1 - random.nextInt(Integer.MAX_VALUE));
        case 1 -> ask.setAllocationSize(1).addAllMustIncludeDeviceIDs(all.subList(0, 2));
        case 2 -> ask.setAllocationSize(3).addMustIncludeDeviceIDs(wrong(random));
        default ->
            ask.setAllocationSize(3)
                .addMustIncludeDeviceIDs(all.get(0))
                .addMustIncludeDeviceIDs(all.get(0));
      }
      PreferredAllocationRequest request =
          PreferredAllocationRequest.newBuilder().addContainerRequests(ask).build();
      saysWhatIsWrong(
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> node.kubelet().plugin(SHARED).getPreferredAllocation(request)),
          round);
    }
    nothingIsHeldAndEverythingCanBeHad();
  }

  @Test
  void availableDevicesThatThePoolDoesNotHaveAreNotNamed() {
    Random random = new Random(SEED);
    ContainerPreferredAllocationRequest.Builder ask =
        ContainerPreferredAllocationRequest.newBuilder().setAllocationSize(Integer.MAX_VALUE);
    for (int i = 0; i < 5_000; i++) {
      ask.addAvailableDeviceIDs(i % 100 == 0 ? slices.get(0) + "::" + i / 100 % 4 : wrong(random));
    }

    List<String> named =
        node.kubelet()
            .plugin(SHARED)
            .getPreferredAllocation(
                PreferredAllocationRequest.newBuilder().addContainerRequests(ask).build())
            .getContainerResponses(0)
            .getDeviceIDsList();

    assertThat(named)
        .containsExactlyInAnyOrder(
            slices.get(0) + "::0",
            slices.get(0) + "::1",
            slices.get(0) + "::2",
            slices.get(0) + "::3");
  }
}
