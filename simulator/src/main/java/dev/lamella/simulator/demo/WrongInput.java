package dev.lamella.simulator.demo;

/** Something that the user has to correct; the message is one line that names it. Exit code 2. */
public final class WrongInput extends RuntimeException {

  private static final long serialVersionUID = 1;

  WrongInput(String message) {
    super(message.replaceAll("\\s*\\R\\s*", " "));
  }
}
