package dev.lamella.simulator.kubelet;

import java.nio.file.Path;

class EmbeddedKubeletTest extends KubeletContract {

  @Override
  protected KubeletSubject start(Path folder) throws Exception {
    return new EmbeddedKubeletSubject(folder);
  }
}
