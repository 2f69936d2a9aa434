package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What each pod is still owed of one resource.
 *
 * <p><b>Goals.</b> An assigned device is owed to exactly one pod until a container holds it.
 *
 * <p><b>Constraints.</b> The kubelet names no pod when it asks, so two pods of one shape can get
 * each other's devices; only pod-resources tells afterwards. Being owed goes by what is held, not
 * by how often was asked: containers after an init container hold its devices again.
 *
 * <p><b>Algorithm.</b> A pod that holds more on a slice than it was given there trades: the unit is
 * exchanged against one that it is owed elsewhere, with the first pod that is owed one there. What
 * was given and is not held after the trades is owed.
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

  private final List<Account> accounts = new ArrayList<>();

  private Dues(ResourceName resource, Collection<KnownPod> pods, Collection<Hold> holds) {
    for (KnownPod pod : pods) {
      Map<String, Integer> held = new TreeMap<>();
      for (Hold hold : holds) {
        if (hold.of(pod) && hold.resource().equals(resource)) {
          held.merge(hold.slice(), 1, Integer::sum);
        }
      }
      accounts.add(new Account(pod, pod.given(resource), held));
    }
  }

  /** Who is owed what, in the order of the pods. */
  static List<Due> of(ResourceName resource, Collection<KnownPod> pods, Collection<Hold> holds) {
    Dues dues = new Dues(resource, pods, holds);
    dues.accounts.forEach(dues::trade);
    return dues.open();
  }

  private void trade(Account account) {
    for (String slice : account.held().keySet()) {
      while (account.open(slice) < 0) {
        String owed = firstOpen(account);
        if (owed == null) {
          return;
        }
        for (Account other : accounts) {
          if (other != account && other.open(slice) > 0) {
            other.give(slice, -1);
            other.give(owed, 1);
            break;
          }
        }
        account.give(slice, 1);
        account.give(owed, -1);
      }
    }
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
