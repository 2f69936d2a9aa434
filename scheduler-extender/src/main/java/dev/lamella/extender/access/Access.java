package dev.lamella.extender.access;

/** What kind of caller a path is for; the configuration says what each has to show. */
public enum Access {
  /** Probes: open to anyone, and answered even while every other request waits. */
  PROBE,
  /** Open to anyone, by its nature. */
  ANYONE,
  /** kube-scheduler's verbs: {@code access.verbs}. */
  VERB,
  /** What people read, explanations and pages: {@code access.readers}. */
  READER,
  /** {@code access.metrics}. */
  METRICS
}
