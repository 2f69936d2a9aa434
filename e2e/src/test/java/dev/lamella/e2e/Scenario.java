package dev.lamella.e2e;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A campaign as data: who there is, what comes and goes, and what is killed meanwhile.
 *
 * @param seed of every choice; -Dlamella.seed=N takes its place
 * @param asInstalled whether all is there that the chart installs: see {@link Installed}
 * @param pods at least so many are created
 * @param atOnce how many there are at a time
 * @param quietEvery pods after which all books are compared
 * @param kills how many of each kind
 * @param pauseSeconds between two kills
 * @param lifeSeconds of a pod
 */
record Scenario(
    long seed,
    boolean asInstalled,
    int pods,
    int atOnce,
    int quietEvery,
    Map<String, Integer> kills,
    Span pauseSeconds,
    Span lifeSeconds,
    List<Tenant> tenants,
    List<Shape> shapes) {

  /** Seconds, both ends possible. */
  record Span(double from, double to) {
    double draw(Random random) {
      return from + random.nextDouble() * (to - from);
    }
  }

  /** A tenant with a namespace of its name; quotas are compute slices. */
  record Tenant(String name, String type, int priority, int guaranteed, int limit) {
    @JsonCreator
    static Tenant of(
        @JsonProperty("name") String name,
        @JsonProperty("class") String type,
        @JsonProperty("priority") int priority,
        @JsonProperty("guaranteed") int guaranteed,
        @JsonProperty("limit") int limit) {
      return new Tenant(name, type, priority, guaranteed, limit);
    }

    String manifest() {
      return """
          apiVersion: lamella.dev/v1alpha1
          kind: Tenant
          metadata: {name: %1$s}
          spec:
            namespaces: [%1$s]
            class: %2$s
            priority: %3$d
            quota: {guaranteed: {computeSlices: %4$d}, limit: {computeSlices: %5$d}}
          """
          .formatted(name, type, priority, guaranteed, limit);
    }

    /** Whether each of its pods is within the guarantee, so that none may ever be evicted. */
    boolean untouchable() {
      return type.equals("LatencyCritical") && guaranteed == limit;
    }
  }

  /** A kind of pod: for each container the profile, as in the resource's name, and how many. */
  record Shape(int weight, String tenant, List<List<String>> containers) {
    PodOf pod(String name) {
      PodOf pod = PodOf.named(name);
      for (int i = 0; i < containers.size(); i++) {
        List<String> asked = containers.get(i);
        pod.container("c" + i, "nvidia.com/mig-" + asked.get(0), Integer.parseInt(asked.get(1)));
      }
      return pod;
    }
  }

  static Scenario read(String resource) throws IOException {
    try (InputStream in = Scenario.class.getResourceAsStream(resource)) {
      Scenario written = new YAMLMapper().readValue(in, Scenario.class);
      return written.withSeed(Long.getLong("lamella.seed", written.seed));
    }
  }

  private Scenario withSeed(long other) {
    return new Scenario(
        other,
        asInstalled,
        pods,
        atOnce,
        quietEvery,
        kills,
        pauseSeconds,
        lifeSeconds,
        tenants,
        shapes);
  }

  /** All kills in the order in which they are done. */
  List<String> killOrder() {
    List<String> order = new ArrayList<>();
    new TreeMap<>(kills).forEach((kind, n) -> order.addAll(Collections.nCopies(n, kind)));
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  /** What comes next, by weight. */
  Shape draw(Random random) {
    int at = random.nextInt(shapes.stream().mapToInt(Shape::weight).sum());
    for (Shape shape : shapes) {
      at -= shape.weight();
      if (at < 0) {
        return shape;
      }
    }
    throw new IllegalStateException("weights of " + shapes);
  }
}
