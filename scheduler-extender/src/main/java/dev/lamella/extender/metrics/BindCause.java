package dev.lamella.extender.metrics;

import java.util.LinkedHashMap;
import java.util.Map;

/** A bind's refusal as one of few words. */
final class BindCause {

  /** How the refusals' sentences begin or what they contain, and the word for each. */
  private static final Map<String, String> CAUSES = causes();

  private BindCause() {}

  private static Map<String, String> causes() {
    Map<String, String> causes = new LinkedHashMap<>();
    causes.put("the node was taken meanwhile", "node_taken");
    causes.put("pod is bound already", "pod_bound");
    causes.put("is not there", "pod_gone");
    causes.put("the API server refused", "api_refused");
    causes.put("the API server did not confirm", "unconfirmed");
    causes.put("last bind is not known", "unconfirmed");
    causes.put("the API server does not answer", "api_away");
    causes.put("the ledger is busy", "ledger_busy");
    return causes;
  }

  static String of(String refusal) {
    return CAUSES.entrySet().stream()
        .filter(cause -> refusal.contains(cause.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("other");
  }
}
