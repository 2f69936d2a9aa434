package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Profile;
import dev.lamella.core.inventory.Slice;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request is charged as while its node's report shows no slice that serves it: the daemon
 * starts, the driver is gone, or the report is missing. A pod that runs goes on being charged then,
 * or its tenant could be given more than its limit.
 *
 * <p>By the known boards that have the profile, the one of most memory; for other profiles by the
 * numbers in the name, which is better than nothing and only for as long as nothing is seen.
 */
final class UnseenSlice {

  /** A slice that nobody has reported is taken to be cut as slices are unless configured. */
  static final int SHARES = 4;

  private static final int WHOLE_GPU_COMPUTE = 7;
  private static final long MIB_A_GB = 1024;
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,2})g\\.(\\d{1,4})gb.*");

  private UnseenSlice() {}

  /** A whole slice of a profile. */
  static Amount amount(String profile) {
    if (profile.equals(Slice.WHOLE_GPU)) {
      return Amount.of(WHOLE_GPU_COMPUTE, 0);
    }
    return Boards.all().stream()
        .flatMap(board -> board.profile(profile).map(known -> amount(board, known)).stream())
        .max(Comparator.comparingLong(Amount::memoryParts))
        .orElseGet(() -> byName(profile));
  }

  private static Amount amount(Board board, Profile profile) {
    return Amount.of(profile.computeSlices(), profile.size() * board.sliceMemoryMiB());
  }

  private static Amount byName(String profile) {
    Matcher numbers = NUMBERS.matcher(profile);
    return numbers.matches()
        ? Amount.of(Integer.parseInt(numbers.group(1)), Long.parseLong(numbers.group(2)) * MIB_A_GB)
        : Amount.ZERO;
  }
}
