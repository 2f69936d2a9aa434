package dev.lamella.deviceplugin.config;

import dev.lamella.deviceplugin.container.ListStrategy;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reads names of device list strategies. */
public final class Strategies {

  private static final String RIGHT = "envvar, volume-mounts, cdi-annotations or cdi-cri";

  private Strategies() {}

  /**
   * @param key where they stand, for the message
   * @throws WrongInput naming one that there is not, or if there is none
   */
  public static Set<ListStrategy> read(String key, List<String> names) {
    Set<ListStrategy> chosen = EnumSet.noneOf(ListStrategy.class);
    for (String name : names) {
      chosen.add(
          ListStrategy.parse(name.strip())
              .orElseThrow(
                  () -> new WrongInput("%s is \"%s\", expected %s".formatted(key, name, RIGHT))));
    }
    if (chosen.isEmpty()) {
      throw new WrongInput(key + " is empty, expected one or more of " + RIGHT);
    }
    return chosen;
  }
}
