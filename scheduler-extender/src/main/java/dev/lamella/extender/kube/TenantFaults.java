package dev.lamella.extender.kube;

import java.util.Map;
import java.util.TreeMap;

/** Tenants that could not be read, and why. For use by several threads. */
public final class TenantFaults {

  private final Map<String, String> byName = new TreeMap<>();

  synchronized void put(String name, String message) {
    byName.put(name, message);
  }

  synchronized void clear(String name) {
    byName.remove(name);
  }

  /** What is wrong, by tenant name. */
  public synchronized Map<String, String> all() {
    return new TreeMap<>(byName);
  }
}
