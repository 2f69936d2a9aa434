package dev.lamella.deviceplugin.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Hold;
import dev.lamella.deviceplugin.allocation.PodName;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShareBudgetsTest {

  private static final ResourceName SHARED = ResourceName.shared("1g.5gb");
  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");

  private final ShareBudgets budgets = new ShareBudgets();

  @Test
  void aPodsBudgetIsItsPartOfTheSlice() {
    assertThat(budgets.update(shares("a", 0, 1), sample(4_000, Map.of("a", 2_000L)), s -> 4))
        .isEmpty();
    assertThat(budgets.pods()).extracting(PodUsage::budgetBytes).containsExactly(2_000L);

    List<Hold> whole = List.of(hold(WHOLE, DeviceId.whole("MIG-1"), "a"));
    assertThat(budgets.update(whole, sample(4_000, Map.of("a", 4_000L)), s -> 4)).isEmpty();
    assertThat(budgets.pods()).extracting(PodUsage::budgetBytes).containsExactly(4_000L);
  }

  @Test
  void exceedingIsNewsOnceAndAgainAfterItEnded() {
    List<Hold> holds = shares("a", 0);
    Sample within = sample(4_000, Map.of("a", 1_000L));
    Sample over = sample(4_000, Map.of("a", 1_001L));

    assertThat(budgets.update(holds, within, s -> 4)).isEmpty();
    assertThat(budgets.update(holds, over, s -> 4)).hasSize(1);
    assertThat(budgets.update(holds, over, s -> 4)).isEmpty();
    assertThat(budgets.exceeded(budgets.pods().get(0))).isEqualTo(1);
    assertThat(budgets.update(holds, within, s -> 4)).isEmpty();
    assertThat(budgets.update(holds, over, s -> 4)).hasSize(1);
    assertThat(budgets.exceeded(budgets.pods().get(0))).isEqualTo(2);
  }

  @Test
  void aPodThatIsGoneIsForgotten() {
    Sample over = sample(4_000, Map.of("a", 1_001L));
    budgets.update(shares("a", 0), over, s -> 4);
    budgets.update(List.of(), over, s -> 4);

    assertThat(budgets.pods()).isEmpty();
    assertThat(budgets.update(shares("a", 0), over, s -> 4)).hasSize(1);
    assertThat(budgets.exceeded(budgets.pods().get(0))).isEqualTo(1);
  }

  @Test
  void whatCannotBeToldByPodIsNotSaidToBeZero() {
    Sample blind =
        new Sample(
            Instant.EPOCH, Attribution.NO_HOST_PID, sample(4_000, Map.of()).slices(), Map.of());

    assertThat(budgets.update(shares("a", 0), blind, s -> 4)).isEmpty();
    assertThat(budgets.pods()).isEmpty();
  }

  private static List<Hold> shares(String uid, int... numbers) {
    return Arrays.stream(numbers)
        .mapToObj(k -> hold(SHARED, DeviceId.share("MIG-1", k), uid))
        .toList();
  }

  private static Hold hold(ResourceName resource, DeviceId device, String uid) {
    return new Hold(
        resource, device, Optional.of(uid), Optional.of(new PodName("team", uid)), true, "c", 0);
  }

  private static Sample sample(long total, Map<String, Long> byPod) {
    SliceUsage usage =
        new SliceUsage(
            Optional.of(new SliceUsage.Memory(total, 0, total)),
            new TreeMap<>(byPod),
            0,
            new TreeMap<>());
    return new Sample(Instant.EPOCH, Attribution.BY_POD, Map.of("MIG-1", usage), Map.of());
  }
}
