package dev.lamella.e2e;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * One cluster for all test classes, started by the first and ended after the last. A failed test
 * quotes the end of every program's log.
 */
public final class ClusterExtension
    implements ParameterResolver,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(ClusterExtension.class);

  /** The cluster, or why there is none: it is not tried again for each class. */
  private static final class Started implements AutoCloseable {
    private Cluster cluster;
    private Exception failure;

    Started() {
      try {
        Checkout checkout = Checkout.find();
        Path layout =
            Boolean.getBoolean("lamella.soak")
                ? checkout.root().resolve("e2e/src/test/resources/dev/lamella/e2e/soak-nodes.yaml")
                : checkout.example("nodes.yaml");
        cluster = Cluster.start(checkout, layout);
      } catch (Exception e) {
        failure = e;
      }
    }

    Cluster cluster() {
      if (failure != null) {
        throw new IllegalStateException(failure.getMessage(), failure);
      }
      return cluster;
    }

    @Override
    public void close() {
      if (cluster != null) {
        cluster.close();
      }
    }
  }

  static Cluster clusterOf(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Started.class, unused -> new Started(), Started.class)
        .cluster();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return clusterOf(context);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    throw quoting(context, thrown);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    throw quoting(context, thrown);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    throw quoting(context, thrown);
  }

  private static Throwable quoting(ExtensionContext context, Throwable thrown) throws IOException {
    thrown.addSuppressed(new Logs(clusterOf(context).tails()));
    return thrown;
  }

  /** Shows logs under a failure. */
  private static final class Logs extends RuntimeException {
    private static final long serialVersionUID = 1;

    Logs(String text) {
      super(text, null, false, false);
    }
  }
}
