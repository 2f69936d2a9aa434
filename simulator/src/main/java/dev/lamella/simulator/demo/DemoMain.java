package dev.lamella.simulator.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/** {@code lamella demo}. Exit codes: 0 done, 1 failed, 2 wrong input. */
public final class DemoMain {

  private DemoMain() {}

  public static void main(String[] args) throws IOException {
    try (InputStream logging = DemoMain.class.getResourceAsStream("logging.properties")) {
      LogManager.getLogManager().readConfiguration(logging);
    }
    Closing closing = new Closing();
    DemoCommand command =
        new DemoCommand(stream(FileDescriptor.out), stream(FileDescriptor.err), closing);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  closing.close();
                  if (command.serving()) {
                    // Told to stop and stopped: that is success, not a death by signal.
                    Runtime.getRuntime().halt(0);
                  }
                },
                "stop"));
    System.exit(command.run(args));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
