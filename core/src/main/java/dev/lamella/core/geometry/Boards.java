package dev.lamella.core.geometry;

import java.util.List;
import java.util.Optional;

/**
 * The boards whose geometry is known without asking a driver.
 *
 * <p>Source: NVIDIA's MIG user guide, tables of supported profiles. The starts are stated there for
 * A100 and H100 and assumed for the other seven-slice boards; a running daemon reads them from NVML
 * and uses this table for simulated boards only.
 */
public final class Boards {

  private static final List<Board> ALL =
      List.of(
          sevenSlices("A100-SXM4-40GB", 40_960, 4_864, "5", "10", "10", "20", "20", "40"),
          sevenSlices("A100-SXM4-80GB", 81_920, 9_728, "10", "20", "20", "40", "40", "80"),
          sevenSlices("H100-80GB", 81_559, 9_856, "10", "20", "20", "40", "40", "80"),
          sevenSlices("H200-141GB", 143_771, 16_384, "18", "35", "35", "71", "71", "141"),
          sevenSlices("B200-180GB", 183_359, 22_528, "23", "45", "45", "90", "90", "180"),
          a30(),
          rtxPro6000(),
          new Board("T4", 7, 0, 15_360, 15_360, List.of()));

  private Boards() {}

  public static List<Board> all() {
    return ALL;
  }

  public static List<String> models() {
    return ALL.stream().map(Board::model).toList();
  }

  public static Optional<Board> byModel(String model) {
    return ALL.stream().filter(board -> board.model().equals(model)).findFirst();
  }

  private static Board sevenSlices(
      String model,
      long memoryMiB,
      long sliceMiB,
      String one,
      String oneDouble,
      String two,
      String three,
      String four,
      String seven) {
    List<Integer> everywhere = List.of(0, 1, 2, 3, 4, 5, 6);
    return new Board(
        model,
        7,
        8,
        memoryMiB,
        sliceMiB,
        List.of(
            new Profile("1g." + one + "gb", 19, 7, 1, 1, everywhere),
            new Profile("1g." + one + "gb+me", 20, 1, 1, 1, everywhere),
            new Profile("1g." + oneDouble + "gb", 15, 4, 1, 2, List.of(0, 2, 4, 6)),
            new Profile("2g." + two + "gb", 14, 3, 2, 2, List.of(0, 2, 4)),
            new Profile("3g." + three + "gb", 9, 2, 3, 4, List.of(0, 4)),
            new Profile("4g." + four + "gb", 5, 1, 4, 4, List.of(0)),
            new Profile("7g." + seven + "gb", 0, 1, 7, 8, List.of(0))));
  }

  private static Board a30() {
    List<Integer> everywhere = List.of(0, 1, 2, 3);
    return new Board(
        "A30",
        4,
        4,
        24_576,
        5_952,
        List.of(
            new Profile("1g.6gb", 14, 4, 1, 1, everywhere),
            new Profile("1g.6gb+me", 21, 1, 1, 1, everywhere),
            new Profile("2g.12gb", 5, 2, 2, 2, List.of(0, 2)),
            new Profile("4g.24gb", 0, 1, 4, 4, List.of(0))));
  }

  private static Board rtxPro6000() {
    return new Board(
        "RTX-PRO-6000-96GB",
        4,
        4,
        97_887,
        24_192,
        List.of(
            new Profile("1g.24gb", -1, 4, 1, 1, List.of(0, 1, 2, 3)),
            new Profile("2g.48gb", -1, 2, 2, 2, List.of(0, 2)),
            new Profile("4g.96gb", -1, 1, 4, 4, List.of(0))));
  }
}
