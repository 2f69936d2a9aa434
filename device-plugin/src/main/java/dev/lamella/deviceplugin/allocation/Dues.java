package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * What each pod is still owed of one resource.
 *
 * <p><b>Goals.</b> An assigned device is owed to exactly one pod until a container holds it.
 *
 * <p><b>Constraints.</b> The kubelet names no pod when it asks, so two pods of one shape can get
 * each other's devices; only pod-resources tells afterwards. Being owed goes by what is held, not
 * by how often was asked: containers after an init container hold its devices again.
 *
 * <p><b>Algorithm.</b> A pod that holds more on a slice than it was given there is owed as much
 * less elsewhere: it slipped. Where that leaves less room on the slice than is owed there, the
 * first pod that is owed one there has the place from which the other slipped instead. Where there
 * is room, nobody loses anything: the scheduler's ledger may have counted the slip already and
 * given the place to others. What was given and is not held after all this is owed.
 */
final class Dues {

  /**
   * @param turn the pod's place in the order in which the watch first showed pods
   * @param begun whether the pod already holds devices of this resource
   * @param slices how many devices are owed, by slice; never empty
   */
  record Due(KnownPod pod, int turn, boolean begun, SortedMap<String, Integer> slices) {

    int total() {
      return slices.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  private record Account(KnownPod pod, TreeMap<String, Integer> given, Map<String, Integer> held) {

    int open(String slice) {
      return given.getOrDefault(slice, 0) - held.getOrDefault(slice, 0);
    }

    void give(String slice, int count) {
      given.merge(slice, count, Integer::sum);
    }
  }

  /** A unit that is held on a slice, and not where it was given. */
  private record Slip(String held, String given) {}

  private final List<Account> accounts = new ArrayList<>();
  private final List<Slip> slips = new ArrayList<>();
  private final Map<String, Integer> held = new TreeMap<>();
  private final ToIntFunction<String> capacity;

  private Dues(
      ResourceName resource,
      Collection<KnownPod> pods,
      Collection<Hold> holds,
      ToIntFunction<String> capacity) {
    this.capacity = capacity;
    Map<String, Map<String, Integer>> byUid = new HashMap<>();
    for (Hold hold : holds) {
      if (hold.resource().equals(resource)) {
        held.merge(hold.slice(), 1, Integer::sum);
        hold.uid()
            .map(uid -> byUid.computeIfAbsent(uid, u -> new TreeMap<>()))
            .ifPresent(own -> own.merge(hold.slice(), 1, Integer::sum));
      }
    }
    for (KnownPod pod : pods) {
      Map<String, Integer> own = byUid.getOrDefault(pod.uid(), Map.of());
      TreeMap<String, Integer> given = pod.given(resource);
      if (!given.isEmpty() || !own.isEmpty()) {
        accounts.add(new Account(pod, given, own));
      }
    }
  }

  /**
   * Who is owed what, in the order of the pods.
   *
   * @param capacity how many devices of the resource a slice has
   */
  static List<Due> of(
      ResourceName resource,
      Collection<KnownPod> pods,
      Collection<Hold> holds,
      ToIntFunction<String> capacity) {
    Dues dues = new Dues(resource, pods, holds, capacity);
    dues.accounts.forEach(dues::settle);
    boolean moved = !dues.slips.isEmpty();
    while (moved) {
      moved = dues.slips.removeIf(dues::move);
    }
    return dues.open();
  }

  /** What a pod holds elsewhere than given, it is not owed any more. */
  private void settle(Account account) {
    for (String slice : account.held().keySet()) {
      while (account.open(slice) < 0) {
        String owed = firstOpen(account);
        if (owed == null) {
          return;
        }
        account.give(slice, 1);
        account.give(owed, -1);
        slips.add(new Slip(slice, owed));
      }
    }
  }

  /** Whether somebody had to take the place from which another slipped. */
  private boolean move(Slip slip) {
    String slice = slip.held();
    int owed = accounts.stream().mapToInt(account -> Math.max(0, account.open(slice))).sum();
    if (owed == 0 || held.getOrDefault(slice, 0) + owed <= capacity.applyAsInt(slice)) {
      return false;
    }
    Account first =
        accounts.stream().filter(account -> account.open(slice) > 0).findFirst().orElseThrow();
    first.give(slice, -1);
    first.give(slip.given(), 1);
    return true;
  }

  private static String firstOpen(Account account) {
    return account.given().keySet().stream()
        .filter(slice -> account.open(slice) > 0)
        .findFirst()
        .orElse(null);
  }

  private List<Due> open() {
    List<Due> open = new ArrayList<>();
    for (Account account : accounts) {
      TreeMap<String, Integer> slices = new TreeMap<>();
      for (String slice : account.given().keySet()) {
        if (account.open(slice) > 0) {
          slices.put(slice, account.open(slice));
        }
      }
      if (!slices.isEmpty()) {
        open.add(new Due(account.pod(), open.size(), !account.held().isEmpty(), slices));
      }
    }
    return open;
  }
}
