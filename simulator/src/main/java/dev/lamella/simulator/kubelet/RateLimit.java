package dev.lamella.simulator.kubelet;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Refuses calls beyond a rate with RESOURCE_EXHAUSTED, as the kubelet's pod-resources API does. */
final class RateLimit implements ServerInterceptor {

  private final Clock clock;
  private final double perSecond;
  private final double burst;
  private double tokens;
  private Instant filled;

  RateLimit(Clock clock, double perSecond, double burst) {
    this.clock = clock;
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.filled = clock.instant();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (allow()) {
      return next.startCall(call, headers);
    }
    call.close(Status.RESOURCE_EXHAUSTED.withDescription("rejected by rate limit"), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  synchronized boolean allow() {
    Instant now = clock.instant();
    double seconds = Duration.between(filled, now).toNanos() / 1e9;
    tokens = Math.min(burst, tokens + Math.max(0, seconds) * perSecond);
    filled = now;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }
}
