package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.cli.Flags;
import dev.lamella.deviceplugin.cli.Options;
import dev.lamella.deviceplugin.config.WrongInput;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.LogManager;

/** The program: runs until SIGTERM or SIGINT. Exit code 0 done, 1 failed, 2 wrong input. */
public final class Main {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG_INPUT = 2;

  /** How long pods bound before SIGTERM may take to get their devices. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private Main() {}

  public static void main(String... args) {
    if (Flags.asksForHelp(args)) {
      System.out.print(Flags.help());
      return;
    }
    configureLogging();
    // The JDK's HTTP server delays small answers by 40 ms without it.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.exit(run(args));
  }

  private static int run(String... args) {
    try {
      Options options = Flags.parse(System.getenv(), args);
      if (options.cleanup()) {
        Cleanup.run(options);
        return DONE;
      }
      DevicePlugin plugin = DevicePlugin.start(options);
      AtomicInteger status = new AtomicInteger(DONE);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    if (status.get() == DONE) {
                      plugin.drain(DRAIN);
                    }
                    plugin.close();
                    // A JVM that ends by a signal answers 128 + its number; we ended as asked.
                    Runtime.getRuntime().halt(status.get());
                  },
                  "stop"));
      Optional<String> failure = plugin.awaitEnd();
      failure.ifPresent(why -> status.set(FAILED));
      return failure.map(why -> fail(FAILED, why)).orElse(DONE);
    } catch (WrongInput e) {
      return fail(WRONG_INPUT, e.getMessage());
    } catch (IOException e) {
      return fail(FAILED, e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (InterruptedException e) {
      return fail(FAILED, "interrupted");
    }
  }

  private static int fail(int status, String why) {
    System.err.println("device-plugin: " + why.replaceAll("\\s*\\R\\s*", " "));
    return status;
  }

  private static void configureLogging() {
    if (System.getProperty("java.util.logging.config.file") != null) {
      return;
    }
    try (InputStream in = Main.class.getResourceAsStream("logging.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      System.err.println("device-plugin: logging stays as the JDK has it: " + e);
    }
  }
}
