package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.api.ApiServer;
import dev.lamella.deviceplugin.api.NodeLabels;
import dev.lamella.deviceplugin.cli.Options;
import dev.lamella.deviceplugin.container.Injector;
import dev.lamella.deviceplugin.kubelet.KubeletSession;
import dev.lamella.deviceplugin.report.Labels;
import java.io.IOException;

/** Takes off the node what the daemon leaves there: for an uninstall, when no daemon runs. */
final class Cleanup {

  private Cleanup() {}

  /**
   * Removes the CDI spec, sockets, and the Node's labels if they were asked for.
   *
   * @throws IOException if something could not be removed
   */
  static void run(Options options) throws IOException {
    Injector.removeSpec(options.files());
    KubeletSession.removeSockets(options.kubeletDir());
    if (options.settings().nodeLabels() && !options.standalone()) {
      try (ApiServer api = ApiServer.connect(options.kubeconfig().orElse(null))) {
        NodeLabels.remove(api, options.nodeName().orElseThrow(), Labels::ours);
      }
    }
  }
}
