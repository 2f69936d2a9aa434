package dev.lamella.extender.leader;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lamella.extender.http.Endpoint;
import dev.lamella.extender.http.Exchange;
import dev.lamella.extender.kube.ClusterWatch;
import dev.lamella.extender.wire.BindingResult;
import dev.lamella.extender.wire.FilterResult;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Stands before kube-scheduler's verbs. A replica that does not lead answers 503 and closes the
 * connection, so that the next one is made to the leader. One that leads and whose view of the
 * cluster is too old says so in the answer's Error: kube-scheduler puts that into the pod's event
 * and tries again after its backoff, which it does not after a mere rejection.
 */
public final class Gate {

  private final Mandate mandate;
  private final ClusterWatch watch;
  private final ObjectMapper json = new ObjectMapper();

  public Gate(Mandate mandate, ClusterWatch watch) {
    this.mandate = mandate;
    this.watch = watch;
  }

  /** Whether this replica may decide now. */
  public boolean open() {
    return mandate.whyNot().isEmpty() && watch.current();
  }

  /** The endpoint behind this gate. */
  public Endpoint before(Endpoint verb) {
    return Endpoint.of(verb.path(), verb.access(), exchange -> answer(verb, exchange));
  }

  private void answer(Endpoint verb, Exchange exchange) throws IOException {
    Optional<String> why = mandate.whyNot();
    if (why.isPresent()) {
      throw new Exchange.Refused(503, why.get());
    }
    SortedSet<String> stale = watch.synced() ? watch.stale() : new TreeSet<>();
    if (stale.isEmpty()) {
      verb.answer(exchange);
      return;
    }
    String sentence = "the extender's view of the cluster is too old to decide: " + stale;
    switch (verb.path()) {
      case "/filter" -> send(exchange, FilterResult.error(sentence));
      case "/bind" -> send(exchange, new BindingResult(sentence));
      default -> throw new Exchange.Refused(503, sentence);
    }
  }

  private void send(Exchange exchange, Object answer) throws IOException {
    exchange.answer(200, "application/json", json.writeValueAsBytes(answer));
  }
}
