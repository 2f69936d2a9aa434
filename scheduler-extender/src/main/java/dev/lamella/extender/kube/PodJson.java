package dev.lamella.extender.kube;

import static java.lang.Boolean.TRUE;

import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.pod.ContainerNeed;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a pod that is read. */
public record PodJson(Meta metadata, Spec spec, Status status) {

  private static final Logger LOG = LoggerFactory.getLogger(PodJson.class);

  /** Part of {@code spec}. */
  public record Spec(
      String nodeName,
      Integer priority,
      String preemptionPolicy,
      List<Container> containers,
      List<Container> initContainers) {}

  /** Part of a container. */
  public record Container(String name, String restartPolicy, Resources resources) {}

  /** A container's resources. */
  public record Resources(Map<String, String> requests, Map<String, String> limits) {}

  /** Part of {@code status}. */
  public record Status(String phase, List<ContainerStatus> containerStatuses) {

    /** Its kubelet writes no container's state for a pod that it does not admit. */
    private boolean neverRan() {
      return containerStatuses == null || containerStatuses.isEmpty();
    }
  }

  /** A container's state: that there is one says enough. */
  public record ContainerStatus() {}

  /**
   * The pod as the ledger keeps it; empty if it asks for no slices.
   *
   * @throws IllegalArgumentException naming the field, if the pod lacks what every pod has
   */
  public Optional<PodFact> fact() {
    if (metadata == null
        || metadata.uid() == null
        || metadata.namespace() == null
        || metadata.name() == null
        || spec == null) {
      throw new IllegalArgumentException(
          "Pod.metadata.uid, .namespace, .name and Pod.spec are needed");
    }
    PodNeeds needs = needs();
    if (needs.isEmpty()) {
      return Optional.empty();
    }
    String node = spec.nodeName() == null || spec.nodeName().isEmpty() ? null : spec.nodeName();
    return Optional.of(
        new PodFact(
            new PodRef(metadata.uid(), metadata.namespace(), metadata.name()),
            metadata.version(),
            Optional.ofNullable(node),
            phase(),
            spec.priority() == null ? 0 : spec.priority(),
            needs,
            node == null ? Optional.empty() : assignment(),
            traits()));
  }

  private PodFact.Traits traits() {
    return new PodFact.Traits(
        metadata.deletionTimestamp() != null,
        metadata.ownerReferences().stream()
            .anyMatch(owner -> owner != null && TRUE.equals(owner.controller())),
        !"Never".equals(spec.preemptionPolicy()));
  }

  private Phase phase() {
    String phase = status == null || status.phase() == null ? "Pending" : status.phase();
    return switch (phase) {
      case "Succeeded" -> Phase.SUCCEEDED;
      case "Failed" -> status.neverRan() ? Phase.REFUSED : Phase.FAILED;
      case "Running" -> Phase.RUNNING;
      default -> Phase.PENDING;
    };
  }

  /** Only a bound pod's counts: before, it can only be somebody's invention. */
  private Optional<Assignment> assignment() {
    String text = metadata.annotations().get(LamellaApi.ASSIGNMENT);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Assignment.parse(text));
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "assignment of {}/{} ignored: {}", metadata.namespace(), metadata.name(), e.getMessage());
      return Optional.empty();
    }
  }

  private PodNeeds needs() {
    List<ContainerNeed> needs = new ArrayList<>();
    for (Container container : present(spec.initContainers())) {
      boolean sidecar = "Always".equals(container.restartPolicy());
      add(needs, container, sidecar ? ContainerNeed.Kind.SIDECAR : ContainerNeed.Kind.INIT);
    }
    for (Container container : present(spec.containers())) {
      add(needs, container, ContainerNeed.Kind.MAIN);
    }
    return needs.isEmpty() ? PodNeeds.NONE : new PodNeeds(needs, apart());
  }

  private Set<ResourceName> apart() {
    String text = metadata.annotations().getOrDefault(LamellaApi.DISTINCT_SLICES, "");
    return Arrays.stream(text.split(","))
        .flatMap(name -> ResourceName.parse(name.strip()).stream())
        .filter(ResourceName::shared)
        .collect(Collectors.toSet());
  }

  private static void add(List<ContainerNeed> needs, Container container, ContainerNeed.Kind kind) {
    Map<ResourceName, Integer> devices = new TreeMap<>();
    if (container.resources() != null) {
      read(container.resources().limits(), devices);
      read(container.resources().requests(), devices);
    }
    if (!devices.isEmpty()) {
      needs.add(new ContainerNeed(kind, devices));
    }
  }

  private static void read(Map<String, String> quantities, Map<ResourceName, Integer> devices) {
    if (quantities == null) {
      return;
    }
    quantities.forEach(
        (name, text) ->
            ResourceName.parse(name)
                .ifPresent(
                    resource -> {
                      int count = text == null ? 0 : DeviceCount.parse(name, text);
                      if (count > 0) {
                        devices.put(resource, count);
                      }
                    }));
  }

  /** Go reads a null in a list as an empty object. */
  private static List<Container> present(List<Container> containers) {
    return containers == null ? List.of() : containers.stream().filter(Objects::nonNull).toList();
  }
}
