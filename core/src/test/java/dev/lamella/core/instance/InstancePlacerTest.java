package dev.lamella.core.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Occupancy;
import dev.lamella.core.geometry.Profile;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstancePlacerTest {

  private static final Occupancy A100 =
      Occupancy.ofMainProfiles(Boards.byModel("A100-SXM4-40GB").orElseThrow());
  private static final Mix UNIFORM = Mix.of(1, 1, 1, 1, 1);
  private static final Map<String, InstancePolicy> POLICIES =
      Map.of(
          "first-fit", InstancePolicies.firstFit(),
          "best-fit", InstancePolicies.bestFit(),
          "worst-fit", InstancePolicies.worstFit(),
          "capability", InstancePolicies.capability(),
          "fgd", InstancePolicies.expectedUnusable(),
          "lamella", InstancePolicies.lamella());

  /** GPUs are masks in binary, memory slice 0 on the right, GPU 0 first. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // policy   | GPUs                        | asked | GPU@start
        "first-fit  | 00000000 00001111           | 3g    | 0@0",
        "first-fit  | 11111111 00001111 00000000  | 3g    | 1@4",
        "best-fit   | 00000000 00001111           | 3g    | 1@4",
        "best-fit   | 00000011 00000011 00000000  | 2g    | 0@2",
        "best-fit   | 00000000 00000000           | 7g    | 0@0",
        "worst-fit  | 00001111 00000000 00000000  | 1g    | 1@0",
        // A 3g at 4 leaves room for a 4g, one at 0 does not.
        "capability | 00000000                    | 3g    | 0@4",
        "fgd        | 00000000                    | 3g    | 0@4",
        "lamella    | 00000000                    | 3g    | 0@4",
        // A 4g belongs beside the 3g, not on the empty GPU.
        "capability | 00000000 11110000           | 4g    | 1@0",
        "fgd        | 00000000 11110000           | 4g    | 1@0",
        "lamella    | 00000000 11110000           | 4g    | 1@0",
        // A 1g takes slice 6 rather than one that larger profiles could use.
        "capability | 00000000                    | 1g    | 0@6",
        "lamella    | 00000000                    | 1g    | 0@6",
        "lamella    | 11111111 00000001           | 7g    | none",
        "first-fit  | 00001111                    | 4g    | none",
      })
  void placesWhereThePolicyPrefers(String policy, String gpus, String asked, String expected) {
    int[] masks = Arrays.stream(gpus.split(" +")).mapToInt(m -> Integer.parseInt(m, 2)).toArray();
    InstancePlacer placer = new InstancePlacer(A100, POLICIES.get(policy));

    String found =
        placer
            .place(profile(asked), Gpus.ofMasks(masks), UNIFORM)
            .map(decision -> decision.gpu() + "@" + decision.placement().start())
            .orElse("none");

    assertThat(found).isEqualTo(expected);
  }

  /** The known sequence of other projects' tests: one GPU takes 3g, 2g, 1g and 1g. */
  @ParameterizedTest
  @CsvSource({"capability", "fgd", "lamella"})
  void oneEmptyGpuTakesA3gA2gAndTwo1g(String policy) {
    InstancePlacer placer = new InstancePlacer(A100, POLICIES.get(policy));
    int mask = 0;
    for (String asked : new String[] {"3g", "2g", "1g", "1g"}) {
      mask |=
          placer
              .place(profile(asked), Gpus.ofMasks(mask), UNIFORM)
              .orElseThrow()
              .placement()
              .mask();
    }
    assertThat(mask).isEqualTo(0xff);
  }

  /** Whatever stands, every policy places exactly if something is open, and only there. */
  @Test
  void noPolicyRefusesWhatFitsOrTakesWhatIsTaken() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 500; round++) {
      int[] masks =
          IntStream.range(0, 4).map(i -> random.nextInt() & random.nextInt(256)).toArray();
      int asked = random.nextInt(5);
      Mix mix = Mix.of(random.doubles(5).toArray());
      boolean fits = Arrays.stream(masks).anyMatch(m -> A100.openStarts(asked, m & 0xff) != 0);
      Gpus gpus = Gpus.ofMasks(Arrays.stream(masks).map(m -> m & 0xff).toArray());
      POLICIES.forEach(
          (name, policy) -> {
            var decision =
                new InstancePlacer(A100, policy).place(A100.profiles().get(asked), gpus, mix);
            assertThat(decision.isPresent()).as(name).isEqualTo(fits);
            decision.ifPresent(
                d -> assertThat(gpus.mask(d.gpu()) & d.placement().mask()).as(name).isZero());
          });
    }
  }

  @Test
  void lamellaFollowsTheMix() {
    InstancePlacer placer = new InstancePlacer(A100, InstancePolicies.lamella());
    Gpus empty = Gpus.ofMasks(0);
    Profile one = profile("1g");

    // A 2g has no use for slice 6, and a 4g none for 4, 5 and 6: then the lowest start decides.
    int amongTwos =
        placer.place(one, empty, Mix.of(.2, .8, 0, 0, 0)).orElseThrow().placement().start();
    int amongFours =
        placer.place(one, empty, Mix.of(.2, 0, 0, .8, 0)).orElseThrow().placement().start();

    assertThat(amongTwos).isEqualTo(6);
    assertThat(amongFours).isEqualTo(4);
  }

  @Test
  void randomPlacesByTheChanceItIsHanded() {
    int[] costs = {5, 3, 9, 4, 8, 7, 6};
    int[] next = {0};
    InstancePlacer placer =
        new InstancePlacer(A100, InstancePolicies.random(() -> costs[next[0]++]));

    InstanceDecision decision = placer.place(profile("1g"), Gpus.ofMasks(0), UNIFORM).orElseThrow();

    assertThat(decision.placement().start()).isEqualTo(1);
  }

  @Test
  void aMixIsInProportionAndRefusesNonsense() {
    assertThat(Mix.of(1, 3).share(1)).isEqualTo(.75);
    assertThat(ObservedMix.nothing(2).saw(1).saw(1).mix()).isEqualTo(Mix.of(1, 3));
    assertThatThrownBy(() -> Mix.of(1, -1)).hasMessageContaining("not negative: [1.0, -1.0]");
    assertThatThrownBy(() -> Mix.of(0, 0)).hasMessageContaining("above 0");
  }

  private static Profile profile(String shortName) {
    return A100.profiles().stream()
        .filter(profile -> profile.name().startsWith(shortName))
        .findFirst()
        .orElseThrow();
  }
}
