package dev.lamella.extender.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lamella.extender.access.Access;
import dev.lamella.extender.access.Denied;
import dev.lamella.extender.access.Guard;
import dev.lamella.extender.config.Limits;
import dev.lamella.extender.log.LogValue;
import dev.lamella.extender.wire.Body;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request's way in: who may ask, its body, its turn, its answer, each with a limit; what goes
 * wrong becomes a status with its reason.
 */
final class Intake extends Handler.Abstract.NonBlocking {

  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final int SMALL_BODY = 64 << 10;

  private final Routes routes;
  private final Limits limits;
  private final Guard guard;
  private final Turns turns;
  private final BodyBudget budget;
  private final Connections connections;
  private final ServerMetrics metrics;

  Intake(
      Routes routes,
      Limits limits,
      Guard guard,
      Turns turns,
      BodyBudget budget,
      Connections connections,
      ServerMetrics metrics) {
    this.routes = routes;
    this.limits = limits;
    this.guard = guard;
    this.turns = turns;
    this.budget = budget;
    this.connections = connections;
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    connections.begins(request);
    Exchange exchange = new Exchange(request, response, callback);
    Endpoint endpoint = routes.at(exchange.path());
    Arrival arrival = new Arrival(exchange, endpoint);
    BodyReader reader = new BodyReader(request, budget, mostOf(request), arrival);
    arrival.expect(reader);
    try {
      // Certificates are known already; tokens are asked about when it is the request's turn.
      if (endpoint.access() == Access.VERB) {
        guard.admit(endpoint.access(), exchange);
      }
      reader.start();
    } catch (Denied e) {
      reader.start(new Exchange.Refused(e.status(), e.getMessage()));
    }
    return true;
  }

  /** Where nothing is expected to be sent, little is taken. */
  private int mostOf(Request request) {
    boolean sends = request.getMethod().equals("POST") || request.getMethod().equals("PUT");
    return sends ? limits.maxBodyBytes() : SMALL_BODY;
  }

  /** A body on its way. */
  private final class Arrival implements BodyReader.Listener {

    private final Exchange exchange;
    private final Endpoint endpoint;
    private BodyReader reader;
    private ScheduledFuture<?> limit;

    Arrival(Exchange exchange, Endpoint endpoint) {
      this.exchange = exchange;
      this.endpoint = endpoint;
    }

    void expect(BodyReader coming) {
      reader = coming;
      int seconds = limits.bodySeconds();
      limit =
          turns.after(
              Duration.ofSeconds(seconds),
              () -> {
                reader.stop();
                refuse(
                    exchange,
                    new Exchange.Refused(408, "the body took longer than %d s".formatted(seconds)));
              });
    }

    @Override
    public void refused(Exchange.Refused why) {
      limit.cancel(false);
      refuse(exchange, why);
    }

    @Override
    public void failed(Throwable why) {
      limit.cancel(false);
      refuse(exchange, new Exchange.Refused(400, "the body did not arrive: " + why.getMessage()));
    }

    @Override
    public void whole(Body body) {
      limit.cancel(false);
      exchange.received(body);
      if (endpoint.access() == Access.PROBE) {
        answer(exchange, endpoint);
        reader.giveBack();
        return;
      }
      int seconds = limits.requestSeconds();
      ScheduledFuture<?> late =
          turns.after(
              Duration.ofSeconds(seconds),
              () ->
                  refuse(
                      exchange,
                      new Exchange.Refused(503, "no answer within %d s".formatted(seconds))));
      boolean taken =
          turns.offer(
              () -> {
                if (!exchange.over()) {
                  answer(exchange, endpoint);
                }
                late.cancel(false);
                reader.giveBack();
              });
      if (!taken) {
        late.cancel(false);
        reader.giveBack();
        refuse(exchange, new Exchange.Refused(503, "too many requests at once, try again"));
      }
    }
  }

  private void refuse(Exchange exchange, Exchange.Refused why) {
    metrics.refused(why.status());
    LOG.debug(
        "request path={} status={} {}",
        LogValue.of(exchange.path()),
        why.status(),
        why.getMessage());
    exchange.refuse(why);
  }

  private void answer(Exchange exchange, Endpoint endpoint) {
    String path = exchange.path();
    try {
      guard.admit(endpoint.access(), exchange);
      endpoint.answer(exchange);
    } catch (Exchange.Refused e) {
      refuse(exchange, e);
    } catch (Denied e) {
      refuse(exchange, new Exchange.Refused(e.status(), e.getMessage()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      metrics.refused(400);
      exchange.text(400, path + ": " + firstLine(e));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      LOG.error("{} failed", LogValue.of(path), e);
      metrics.refused(500);
      exchange.text(500, path + ": " + e);
    }
  }

  private static String firstLine(Exception e) {
    Throwable cause = e.getCause() instanceof IllegalArgumentException ? e.getCause() : e;
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(e.toString());
  }
}
