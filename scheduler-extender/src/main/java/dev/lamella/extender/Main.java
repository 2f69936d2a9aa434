package dev.lamella.extender;

import dev.lamella.extender.config.ExtenderFlags;
import dev.lamella.extender.config.WrongInput;
import dev.lamella.extender.log.LastingLogManager;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;

/** The command line: runs until it is told to stop. Exit codes: 0 done, 1 failed, 2 wrong input. */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws InterruptedException, IOException {
    System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
    try (InputStream logging = Main.class.getResourceAsStream("logging.properties")) {
      LogManager.getLogManager().readConfiguration(logging);
    }
    System.exit(run(args));
  }

  private static int run(String[] args) throws InterruptedException {
    try {
      Optional<ExtenderFlags> flags = ExtenderFlags.parse(args);
      if (flags.isEmpty()) {
        return 0;
      }
      SchedulerExtender extender = SchedulerExtender.start(flags.get());
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    stop(extender);
                    // Told to stop and stopped: that is success, not a death by signal.
                    Runtime.getRuntime().halt(0);
                  },
                  "stop"));
      LoggerFactory.getLogger(Main.class).info("serving at {}", extender.uri());
      new CountDownLatch(1).await();
      return 0;
    } catch (WrongInput e) {
      System.err.println("scheduler-extender: " + e.getMessage());
      return 2;
    } catch (IllegalStateException e) {
      System.err.println("scheduler-extender: " + e.getMessage());
      return 1;
    }
  }

  private static void stop(SchedulerExtender extender) {
    try {
      extender.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    extender.close();
  }
}
