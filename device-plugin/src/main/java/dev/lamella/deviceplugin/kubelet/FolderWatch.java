package dev.lamella.deviceplugin.kubelet;

import dev.lamella.deviceplugin.loop.Loop;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says when a file comes to or goes from a folder, also if the folder itself is made anew. */
final class FolderWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
  private static final Duration WITHOUT_FOLDER = Duration.ofMillis(500);

  private final Path folder;
  private final Runnable onChange;
  private final WatchService watch;
  private final Loop loop;
  private WatchKey key;

  FolderWatch(Path folder, Runnable onChange) throws IOException {
    this.folder = folder;
    this.onChange = onChange;
    this.watch = folder.getFileSystem().newWatchService();
    this.loop = Loop.start("kubelet-folder", this::step);
  }

  private Duration step() throws InterruptedException {
    try {
      if (key == null || !key.isValid()) {
        if (!Files.isDirectory(folder)) {
          return WITHOUT_FOLDER;
        }
        key =
            folder.register(
                watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
        onChange.run();
      }
      WatchKey signalled = watch.poll(1, TimeUnit.MINUTES);
      if (signalled != null) {
        signalled.pollEvents();
        signalled.reset();
        onChange.run();
      }
      return Duration.ZERO;
    } catch (ClosedWatchServiceException e) {
      return Duration.ofDays(1);
    } catch (IOException e) {
      LOG.warn("{} is checked now and then only: {}", folder, e.toString());
      return Duration.ofSeconds(10);
    }
  }

  @Override
  public void close() {
    try {
      watch.close();
    } catch (IOException e) {
      LOG.warn("the watch on {} was not closed: {}", folder, e.toString());
    }
    loop.close();
  }
}
