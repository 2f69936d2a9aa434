package dev.lamella.deviceplugin.cli;

import dev.lamella.deviceplugin.config.WrongInput;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads HOST:PORT. */
final class Address {

  private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:]+):(\\d{1,5})");
  private static final int HIGHEST_PORT = 65_535;

  private Address() {}

  /**
   * @throws WrongInput naming the flag if it is none, or the host is not known
   */
  static InetSocketAddress parse(String flag, String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > HIGHEST_PORT) {
      throw new WrongInput(flag + " is \"" + text + "\", expected HOST:PORT such as 0.0.0.0:9400");
    }
    InetSocketAddress address =
        new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2)));
    if (address.isUnresolved()) {
      throw new WrongInput(flag + ": the host " + parts.group(1) + " is not known");
    }
    return address;
  }
}
