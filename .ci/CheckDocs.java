import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks README.md and docs/: links lead somewhere, flags are flags, and what stands below
 * {@code <!-- run -->} is what the command prints. There, lines that begin with "$ " are commands,
 * run from the top of the checkout; the others are their output, and a line "..." stands for any
 * lines. With "links" as argument nothing is run.
 */
public class CheckDocs {

  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");
  private static final Pattern PROGRAM =
      Pattern.compile("bin/lamella (demo|simulate|device-plugin|scheduler-extender|inspect)\\b([^`|>]*)");
  private static final long RUN_SECONDS = 240;

  private static final List<String> WRONG = new ArrayList<>();
  private static final Map<String, Set<String>> FLAGS = new HashMap<>();

  public static void main(String[] args) throws Exception {
    boolean run = args.length == 0;
    int links = 0;
    int commands = 0;
    for (Path page : pages()) {
      List<String> lines = Files.readAllLines(page);
      links += checkLinks(page, lines);
      if (run) {
        checkFlags(page, lines);
        commands += checkOutputs(page, lines);
      }
    }
    if (!WRONG.isEmpty()) {
      WRONG.forEach(System.err::println);
      System.exit(1);
    }
    System.out.printf("docs: %d links lead somewhere, %d commands print what is said%n", links, commands);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"));
        Stream<Path> charts = Files.walk(Path.of("charts"))) {
      return Stream.concat(Stream.of(Path.of("README.md")), Stream.concat(docs, charts))
          .filter(page -> page.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  private static int checkLinks(Path page, List<String> lines) throws IOException {
    int count = 0;
    for (String line : lines) {
      Matcher link = LINK.matcher(line);
      while (link.find()) {
        String target = link.group(1);
        if (target.contains("://") || target.startsWith("mailto:")) {
          continue;
        }
        count++;
        String[] parts = target.split("#", 2);
        Path file =
            parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (page.getParent() == null && !parts[0].isEmpty()) {
          file = Path.of(parts[0]).normalize();
        }
        if (!Files.exists(file)) {
          WRONG.add(page + ": no " + target);
        } else if (parts.length == 2 && !anchors(file).contains(parts[1])) {
          WRONG.add(page + ": no heading for " + target);
        }
      }
    }
    return count;
  }

  /** Headings as links to them are written. */
  private static Set<String> anchors(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+\\s*", "").toLowerCase())
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static void checkFlags(Path page, List<String> lines) throws Exception {
    for (String line : lines) {
      Matcher program = PROGRAM.matcher(line);
      while (program.find()) {
        Matcher flag = FLAG.matcher(program.group(2));
        while (flag.find()) {
          if (!flags(program.group(1)).contains(flag.group())) {
            WRONG.add(page + ": bin/lamella " + program.group(1) + " has no " + flag.group());
          }
        }
      }
    }
  }

  private static Set<String> flags(String program) throws Exception {
    if (!FLAGS.containsKey(program)) {
      Set<String> known = new TreeSet<>(Set.of("--help", "--version"));
      Matcher flag = FLAG.matcher(run("bin/lamella " + program + " --help"));
      while (flag.find()) {
        known.add(flag.group());
      }
      FLAGS.put(program, known);
    }
    return FLAGS.get(program);
  }

  private static int checkOutputs(Path page, List<String> lines) throws Exception {
    int count = 0;
    for (int i = 0; i + 1 < lines.size(); i++) {
      if (lines.get(i).equals("<!-- run -->")) {
        int end = i + 2;
        while (!lines.get(end).startsWith("```")) {
          end++;
        }
        count += checkBlock(page, lines.subList(i + 2, end));
      }
    }
    return count;
  }

  private static int checkBlock(Path page, List<String> block) throws Exception {
    int count = 0;
    for (int i = 0; i < block.size(); i++) {
      if (block.get(i).startsWith("$ ")) {
        StringBuilder command = new StringBuilder(block.get(i).substring(2));
        int from = i + 1;
        while (command.toString().endsWith("\\")) {
          command.append('\n').append(block.get(from++));
        }
        int to = from;
        while (to < block.size() && !block.get(to).startsWith("$ ")) {
          to++;
        }
        compare(page, command.toString(), block.subList(from, to));
        count++;
      }
    }
    return count;
  }

  private static void compare(Path page, String command, List<String> expected) throws Exception {
    String pattern =
        expected.stream()
            .map(line -> line.equals("...") ? "(?:.*\\n)*?" : Pattern.quote(line.stripTrailing()) + "\\n")
            .collect(Collectors.joining());
    String actual =
        run(command).lines().map(line -> line.stripTrailing() + "\n").collect(Collectors.joining());
    if (!Pattern.compile(pattern).matcher(actual).matches()) {
      WRONG.add(page + ": $ " + command + "\nprints\n" + actual.indent(2) + "instead of\n"
          + String.join("\n", expected).indent(2));
    }
  }

  private static String run(String command) throws Exception {
    Path out = Files.createTempFile("check-docs", ".out");
    try {
      Process process =
          new ProcessBuilder("bash", "-c", command).redirectOutput(out.toFile()).start();
      process.getErrorStream().transferTo(java.io.OutputStream.nullOutputStream());
      if (!process.waitFor(RUN_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return command + " takes longer than " + RUN_SECONDS + " s\n";
      }
      return Files.readString(out);
    } finally {
      Files.deleteIfExists(out);
    }
  }
}
