package dev.lamella.core.amount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 32, 48, 64})
  void theSharesOfASliceAddUpToIt(int n) {
    Amount slice = Amount.of(3, 19_456);
    assertThat(slice.share(n).times(n)).isEqualTo(slice);
  }

  @Test
  void refusesWhatDoesNotDivide() {
    assertThatThrownBy(() -> Amount.of(1, 1).share(17))
        .hasMessage("17 shares do not divide a slice exactly");
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "250m, 0.25", "1500m, 1.5", "0.5, 0.5", "0, 0"})
  void readsComputeQuantities(String text, String compute) {
    assertThat(new Amount(Quantity.computeParts(text), 0).compute()).isEqualTo(compute);
  }

  @ParameterizedTest
  @CsvSource({"20Gi, 20480", "1Mi, 1", "1Gi, 1024", "1G, 953.674", "1048576, 1", "512Ki, 0.5"})
  void readsMemoryQuantities(String text, String mebibytes) {
    assertThat(new Amount(0, Quantity.memoryParts(text)).memory()).isEqualTo(mebibytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "four", "4X", "1e3", "Gi", "1.2.3", "99999999999999999999"})
  void refusesWhatIsNoQuantity(String text) {
    assertThatThrownBy(() -> Quantity.computeParts(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDimensionLeftOutDoesNotCount() {
    Cap compute = new Cap(OptionalLong.of(Amount.PARTS), OptionalLong.empty());
    assertThat(compute.admits(Amount.of(1, 1_000_000))).isTrue();
    assertThat(compute.admits(Amount.of(2, 0))).isFalse();
    assertThat(compute).hasToString("1 compute slice");
    assertThat(Cap.UNLIMITED).hasToString("unlimited");
  }
}
