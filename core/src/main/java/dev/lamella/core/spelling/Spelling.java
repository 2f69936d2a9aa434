package dev.lamella.core.spelling;

import java.util.Collection;
import java.util.Comparator;

/** Finds the word that is nearest to a wrong one. */
public final class Spelling {

  private Spelling() {}

  /**
   * The word that takes the fewest insertions, deletions and substitutions of a letter; of equal
   * ones the first by alphabet.
   *
   * @throws IllegalArgumentException if there are no words
   */
  public static String nearest(String wrong, Collection<String> words) {
    return words.stream()
        .min(
            Comparator.<String>comparingInt(word -> distance(wrong, word))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow(() -> new IllegalArgumentException("no words to choose from"));
  }

  /** Levenshtein's distance without regard to case, row by row. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (same(a.charAt(i - 1), b.charAt(j - 1)) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static boolean same(char a, char b) {
    return Character.toLowerCase(a) == Character.toLowerCase(b);
  }
}
