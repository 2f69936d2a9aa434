package dev.lamella.extender.metrics;

import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.reclaim.Victim;
import dev.lamella.extender.decide.Blocked;
import dev.lamella.extender.decide.FilterAnswer;
import dev.lamella.extender.decide.Observer;
import dev.lamella.extender.kube.PodWriter;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.Histogram;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the extender measures of itself and of the tenants. */
public final class ExtenderMetrics implements Observer {

  /**
   * What a scrape shows, all of it in memory already.
   *
   * @param snapshot the ledger as it stands
   * @param blocked pods that wait
   * @param ready whether everything that decides has been seen
   * @param leading whether this replica decides
   * @param watchAges how long ago each watch said something, by kind
   */
  public record Sources(
      Supplier<Snapshot> snapshot,
      Supplier<List<Blocked>> blocked,
      BooleanSupplier ready,
      BooleanSupplier leading,
      Supplier<? extends Map<String, Duration>> watchAges,
      Clock clock) {}

  /** Families that follow from a snapshot alone; scrapes in between find them made. */
  private record Made(Snapshot of, List<MetricFamilySamples> families) {}

  private static final double MILLIS = 1000.0;

  private final Sources sources;
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Accounting accounting = new Accounting().register(registry);
  private final Histogram seconds =
      Histogram.build("lamella_extender_request_seconds", "Time to answer kube-scheduler, by verb.")
          .labelNames("verb")
          .buckets(.0005, .001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5)
          .register(registry);
  private final Counter filters =
      counter(
          "filters", "Pods filtered, by whether any node would do (feasible, refused).", "result");
  private final Counter rejections =
      counter("rejections", "Nodes ruled out for a pod, by the rule.", "rule");
  private final Counter binds = counter("binds", "Binds asked for: bound, or why not.", "result");
  private final Counter reclaims =
      counter(
          "reclaims",
          "Attempts to free slices for a blocked pod: planned, or the rule that forbids it.",
          "result");
  private final Counter evictions =
      counter("evictions", "Evictions asked for, by what made the pod go.", "class", "result");
  private final Counter pokes =
      counter("pokes", "Times that kube-scheduler was told to try a blocked pod again.");
  private volatile Made made = new Made(null, List.of());

  public ExtenderMetrics(Sources sources) {
    this.sources = sources;
    registry.register(
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            return families();
          }
        });
  }

  /** Everything measured. */
  public CollectorRegistry registry() {
    return registry;
  }

  /** Usage over time; whoever owns a thread ticks it. */
  public Accounting accounting() {
    return accounting;
  }

  /** Times a verb until it is told to stop. */
  public Histogram.Timer time(String verb) {
    return seconds.labels(verb).startTimer();
  }

  /** A filter was answered. */
  public void filtered(FilterAnswer answer) {
    filters.labels(answer.feasible().isEmpty() ? "refused" : "feasible").inc();
    Map<Rule, Integer> counts = new EnumMap<>(Rule.class);
    answer.rejected().values().forEach(reason -> counts.merge(reason.rule(), 1, Integer::sum));
    counts.forEach((rule, count) -> rejections.labels(word(rule)).inc(count));
  }

  /**
   * A bind was answered.
   *
   * @param refusal why the pod is not bound; empty if it is
   */
  public void bound(Optional<String> refusal) {
    binds.labels(refusal.map(BindCause::of).orElse("bound")).inc();
  }

  @Override
  public void poked() {
    pokes.inc();
  }

  @Override
  public void reclaimed() {
    reclaims.labels("planned").inc();
  }

  @Override
  public void notReclaimed(Rule rule) {
    reclaims.labels(word(rule)).inc();
  }

  @Override
  public void evicted(Victim.Kind kind, PodWriter.Eviction outcome) {
    evictions.labels(word(kind), word(outcome)).inc();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private List<MetricFamilySamples> families() {
    Snapshot snapshot = sources.snapshot().get();
    Made now = made;
    if (now.of() != snapshot) {
      List<MetricFamilySamples> families = new ArrayList<>(TenantCollector.collect(snapshot));
      families.addAll(ClusterCollector.collect(snapshot));
      now = new Made(snapshot, List.copyOf(families));
      made = now;
    }
    List<MetricFamilySamples> all = new ArrayList<>(now.families());
    all.addAll(QueueCollector.collect(snapshot, sources.blocked().get(), sources.clock().millis()));
    all.addAll(program());
    return all;
  }

  private List<MetricFamilySamples> program() {
    Families families = new Families();
    families
        .gauge("extender_ready", "1 if everything that decides has been seen.")
        .addMetric(List.of(), sources.ready().getAsBoolean() ? 1 : 0);
    families
        .gauge("extender_leader", "1 if this replica decides.")
        .addMetric(List.of(), sources.leading().getAsBoolean() ? 1 : 0);
    GaugeMetricFamily ages =
        families.gauge(
            "extender_watch_age_seconds", "Time since a watch last said something.", "kind");
    sources
        .watchAges()
        .get()
        .forEach((kind, age) -> ages.addMetric(List.of(kind), age.toMillis() / MILLIS));
    return families.all();
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.build("lamella_extender_" + name + "_total", help)
        .labelNames(labels)
        .register(registry);
  }
}
