package dev.lamella.core.reason;

import java.util.Objects;

/**
 * Why something was ruled out.
 *
 * @param rule which rule
 * @param sentence what the pod's owner reads in its event: few different ones, no node names, no
 *     pods of other tenants
 * @param account the same with all numbers, for those who may see them
 */
public record Reason(Rule rule, String sentence, String account) {

  public Reason {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(sentence, "sentence");
    Objects.requireNonNull(account, "account");
  }
}
