package dev.lamella.core.reason;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * Why something was ruled out. Immutable.
 *
 * <p>A cluster gives thousands of them for one pod, of which hardly one account is read: it is
 * written when it is asked for.
 */
public final class Reason {

  private final Rule rule;
  private final String sentence;
  private final Supplier<String> account;

  /**
   * @param sentence what the pod's owner reads in its event: few different ones, no node names, no
   *     pods of other tenants
   * @param account the same with all numbers, for those who may see them
   */
  public Reason(Rule rule, String sentence, String account) {
    this(rule, sentence, () -> account);
    Objects.requireNonNull(account, "account");
  }

  /**
   * @param account writes the same with all numbers; from values alone that do not change
   */
  public Reason(Rule rule, String sentence, Supplier<String> account) {
    this.rule = Objects.requireNonNull(rule, "rule");
    this.sentence = Objects.requireNonNull(sentence, "sentence");
    this.account = Objects.requireNonNull(account, "account");
  }

  /** Which rule. */
  public Rule rule() {
    return rule;
  }

  /** For the pod's owner. */
  public String sentence() {
    return sentence;
  }

  /** With all numbers, for those who may see them. */
  public String account() {
    return account.get();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Reason reason
        && rule == reason.rule
        && sentence.equals(reason.sentence)
        && account().equals(reason.account());
  }

  @Override
  public int hashCode() {
    return Objects.hash(rule, sentence);
  }

  @Override
  public String toString() {
    return account();
  }
}
