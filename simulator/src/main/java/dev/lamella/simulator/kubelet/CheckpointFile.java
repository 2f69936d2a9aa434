package dev.lamella.simulator.kubelet;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The checkpoint as a file, in a JSON form of its own. Written to the side, then renamed. */
final class CheckpointFile implements CheckpointStore {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  CheckpointFile(Path file) {
    this.file = file;
  }

  @Override
  public Checkpoint load() {
    try {
      return Files.exists(file)
          ? JSON.readValue(Files.readAllBytes(file), Checkpoint.class)
          : Checkpoint.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoint " + file + " cannot be read", e);
    }
  }

  @Override
  public void save(Checkpoint checkpoint) {
    Path aside = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(aside, JSON.writeValueAsBytes(checkpoint));
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoint " + file + " cannot be written", e);
    }
  }
}
