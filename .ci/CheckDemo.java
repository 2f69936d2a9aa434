import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks what the default demo printed against what it must show. */
public class CheckDemo {

  private static final List<String> WRONG = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    JsonNode demo = new ObjectMapper().readTree(new File(args[0]));
    Set<String> whole = new HashSet<>();
    Set<String> shared = new HashSet<>();
    int refused = 0;
    int alpha = 0;
    int beta = 0;
    for (JsonNode pod : demo.path("pods")) {
      String name = pod.path("namespace").asText() + "/" + pod.path("name").asText();
      boolean running = "Running".equals(pod.path("phase").asText());
      if (!running) {
        check(pod.path("reason").asText().contains("quota"), name + " does not run and names no quota");
        refused++;
      }
      for (JsonNode assignment : pod.path("assignments")) {
        for (JsonNode slice : assignment.path("slices")) {
          if ("Whole".equals(assignment.path("mode").asText())) {
            check(whole.add(slice.asText()), name + ": slice held whole twice: " + slice);
          } else {
            shared.add(slice.asText());
          }
        }
      }
      alpha += running && name.startsWith("team-alpha/") ? 1 : 0;
      beta += running && name.startsWith("team-beta/") ? 1 : 0;
    }
    Set<String> both = new HashSet<>(whole);
    both.retainAll(shared);
    check(both.isEmpty(), "slices in both modes: " + both);
    check(alpha > 1 && whole.size() >= alpha, alpha + " pods of alpha on " + whole.size() + " slices");
    check(beta > shared.size(), beta + " pods of beta share " + shared.size() + " slices: no sharing");
    check(refused > 0, "no pod was refused by quota");
    if (!WRONG.isEmpty()) {
      WRONG.forEach(System.err::println);
      System.exit(1);
    }
    System.out.printf(
        "demo: %d of alpha on whole slices, %d of beta on %d shared slices, %d refused by quota%n",
        alpha, beta, shared.size(), refused);
  }

  private static void check(boolean right, String otherwise) {
    if (!right) {
      WRONG.add("demo: " + otherwise);
    }
  }
}
