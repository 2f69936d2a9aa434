package dev.lamella.simulator.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import java.util.List;
import java.util.Optional;

/** A registered plugin as the device manager calls it. Calls block for as long as it likes. */
interface DevicePlugin {

  /** Whether the plugin's options ask for {@link #preferred}. */
  boolean givesPreference();

  /**
   * Asks which devices it would rather hand out.
   *
   * @param available every device that may be named, those of {@code mustInclude} among them
   * @throws DevicePluginException if the call fails
   */
  List<String> preferred(List<String> available, List<String> mustInclude, int size)
      throws DevicePluginException;

  /**
   * Hands devices to a container.
   *
   * @return what the container is to be started with; empty if the answer named no container
   * @throws DevicePluginException if the plugin refuses or the call fails
   */
  Optional<ContainerAllocateResponse> allocate(List<String> ids) throws DevicePluginException;
}
