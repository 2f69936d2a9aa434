package dev.lamella.simulator.trace.slices;

import dev.lamella.core.instance.Mix;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How often 1g, 2g, 3g, 4g and 7g are asked for. */
enum SliceMix {
  UNIFORM(.2, .2, .2, .2, .2),
  SMALL(.4, .3, .15, .1, .05),
  LARGE(.05, .1, .15, .3, .4),
  BIMODAL(.35, .1, .1, .1, .35);

  private final Mix mix;

  SliceMix(double... shares) {
    this.mix = Mix.of(shares);
  }

  static List<String> names() {
    return Arrays.stream(values()).map(SliceMix::label).toList();
  }

  static SliceMix named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Mix mix() {
    return mix;
  }

  /** The profile at a point of the unit interval. */
  int profileAt(double point) {
    double rest = point;
    int profile = 0;
    while (profile < mix.profiles() - 1 && rest >= mix.share(profile)) {
      rest -= mix.share(profile);
      profile++;
    }
    return profile;
  }
}
