package dev.lamella.extender.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lamella.extender.drawing.Columns;
import dev.lamella.extender.inspect.ClusterFlags.Output;
import dev.lamella.extender.inspect.Rows.PodRow;
import dev.lamella.extender.inspect.UserCluster.Missing;
import java.util.List;
import java.util.Optional;

/** The extender's explanation of a pod; without the extender, what the API server says. */
final class Why {

  private final ClusterFlags flags;
  private final Terminal terminal;
  private final UserCluster cluster;

  Why(ClusterFlags flags, Terminal terminal) {
    this.flags = flags;
    this.terminal = terminal;
    this.cluster = UserCluster.open(flags, terminal.environment());
  }

  /** Prints it and returns the exit code. */
  int of(String text, boolean all) {
    String[] parts = text.split("/", -1);
    if (parts.length > 2 || List.of(parts).contains("")) {
      throw InspectFailed.wrongInput("POD is %s, expected NAME or NAMESPACE/NAME".formatted(text));
    }
    String namespace = parts.length == 2 ? parts[0] : cluster.namespace();
    String name = parts[parts.length - 1];
    boolean people = flags.output == Output.table || flags.output == Output.wide;
    try (ExtenderService extender = ExtenderService.open(flags, cluster, terminal)) {
      ExtenderService.Answer answer =
          extender.explain(namespace, name, all, people ? "text/plain" : "application/json");
      if (answer.status() != 200) {
        throw new Missing(
            "the extender answers %d: %s".formatted(answer.status(), answer.body().strip()));
      }
      terminal.print(
          people
              ? answer.body().lines().toList()
              : Printed.lines(cluster.json().readTree(answer.body()), flags.output));
      return 0;
    } catch (JsonProcessingException e) {
      throw InspectFailed.failed("the extender's answer is no JSON: " + e.getOriginalMessage());
    } catch (Missing e) {
      terminal.warn(e.getMessage());
      withoutTheExtender(namespace, name, people);
      return 1;
    }
  }

  private void withoutTheExtender(String namespace, String name, boolean people) {
    try {
      Optional<PodRow> pod =
          new ClusterRead(cluster, terminal)
              .pods(Optional.of(namespace), null).stream()
                  .filter(p -> p.name().equals(name))
                  .findFirst();
      if (pod.isEmpty()) {
        terminal.warn("no pod %s/%s that asks for slices is there".formatted(namespace, name));
      } else if (!people) {
        terminal.print(Printed.lines(pod.get(), flags.output));
      } else {
        terminal.print(lines(pod.get()));
      }
    } catch (Missing e) {
      terminal.warn(e.getMessage());
    }
  }

  private static List<String> lines(PodRow pod) {
    String line =
        "%s/%s: %s%s; what the API server says: %s"
            .formatted(
                pod.namespace(),
                pod.name(),
                pod.phase(),
                pod.node() == null ? "" : " on node " + pod.node(),
                pod.reason() == null ? "nothing" : pod.reason());
    return Columns.wrapped(line, Columns.WIDTH);
  }
}
