package dev.lamella.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The demo's page in headless Chromium. */
class LiveMapTest {

  private static RunningDemo demo;
  private static Chromium chromium;
  private Tab tab;

  @BeforeAll
  static void start() throws Exception {
    Path lib = Path.of(System.getProperty("lamella.repository", ".."), "../simulator/target/lib");
    if (!Files.isDirectory(lib)) {
      lib = Path.of("simulator/target/lib");
    }
    demo = RunningDemo.start(lib.toAbsolutePath().normalize());
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
    if (demo != null) {
      demo.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    tab = new Tab(chromium);
    tab.look(1440, 1000, false);
    tab.open(demo.map());
    tab.until("live", "document.querySelector('#link')?.dataset.kind === 'live'");
    tab.until("drawn", "document.querySelectorAll('button.slice').length >= 17");
  }

  /** Whatever a test did: nothing complained, and nobody else was asked for anything. */
  @AfterEach
  void quiet() throws Exception {
    String home = demo.map().resolve("/").toString();
    assertThat(tab.complaints()).isEmpty();
    assertThat(tab.requests())
        .isNotEmpty()
        .allSatisfy(
            url -> assertThat(url).matches(u -> u.startsWith(home) || u.equals("about:blank")));
    tab.close();
  }

  private static String pod(String namespace, String name, String resource) {
    return """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "%s", "name": "%s"},
         "spec": {"containers": [{"name": "c", "image": "x",
           "resources": {"limits": {"%s": "1", "cpu": "100m", "memory": "64Mi"},
                         "requests": {"%s": "1", "cpu": "100m", "memory": "64Mi"}}}]}}
        """
        .formatted(namespace, name, resource, resource);
  }

  private double used(String tenant) throws Exception {
    return tab.value(
            "+(document.querySelector('.tenant[data-tenant=\"%s\"] [role=meter]')?.ariaValueNow"
                    .formatted(tenant)
                + " ?? 0)")
        .asDouble();
  }

  @Test
  void aShareAppearsWhenAPodIsBoundAndTheTenantsBarMoves() throws Exception {
    double before = used("team-beta");

    demo.create(
        "/api/v1/namespaces/team-beta/pods",
        pod("team-beta", "a-new-share", "nvidia.com/mig-1g.5gb.shared"));

    tab.until(
        "a share", "document.querySelector('.slice.shared .lane[data-pod$=\"/a-new-share\"]')");
    tab.until(
        "the bar",
        ("+document.querySelector('.tenant[data-tenant=\"team-beta\"] [role=meter]').ariaValueNow"
                + " === %s")
            .formatted(before + 0.25));
    tab.until("said aloud", "document.querySelector('#said').textContent.includes('is shared')");
    assertThat(
            tab.text("[data-tenant=team-beta] .tenant-words").contains((before + 0.25) + " used"))
        .isTrue();
  }

  @Test
  void aSliceTurnsWhole() throws Exception {
    demo.create("/api/v1/namespaces", namespace("visitors"));
    demo.create(
        "/api/v1/namespaces/visitors/pods", pod("visitors", "takes-all", "nvidia.com/mig-2g.10gb"));

    tab.until(
        "whole", "document.querySelector('.slice.whole .lane[data-pod=\"visitors/takes-all\"]')");
    assertThat(
            tab.value(
                    "document.querySelector('[data-pod=\"visitors/takes-all\"]')"
                        + ".closest('.slice').ariaLabel")
                .asText())
        .isEqualTo(
            "2g.10gb at slot 0 of GPU 1 on gpu-a, whole, held by visitors/takes-all, borrowed");
  }

  private static String namespace(String name) {
    return "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"%s\"}}"
        .formatted(name);
  }

  @Test
  void aCordonedSliceIsMarked() throws Exception {
    String uuid =
        tab.value("document.querySelector('[data-node=gpu-b] .slice.free').dataset.uuid").asText();

    demo.patch(
        "/apis/lamella.dev/v1alpha1/gpunodes/gpu-b",
        "{\"spec\": {\"cordoned\": [\"%s\"]}}".formatted(uuid));

    String slice = "document.querySelector('button.slice.bad[data-uuid=\"%s\"]')".formatted(uuid);
    tab.until("marked", slice + "?.innerText.includes('cordoned')");
    assertThat(tab.value(slice + ".ariaLabel").asText()).endsWith(", cordoned");
    demo.patch("/apis/lamella.dev/v1alpha1/gpunodes/gpu-b", "{\"spec\": {\"cordoned\": []}}");
    tab.until("unmarked", "!" + slice);
  }

  @Test
  void aPendingPodShowsItsReasonAndWhy() throws Exception {
    tab.until("pending", "document.querySelector('.pending[data-pod^=\"team-alpha/\"]')");

    assertThat(tab.text(".pending .reason"))
        .isEqualTo("tenant team-alpha would exceed its quota limit of 5 compute slices");

    tab.value("document.querySelector('.pending a').click()");
    tab.until("why", "document.querySelector('#why-text').textContent.includes('TENANT_LIMIT')");
    tab.press("Escape");
    tab.until("closed", "!document.querySelector('#why').open");
  }

  @Test
  void whatIfAnswers() throws Exception {
    tab.value(
        "document.querySelector('#ask-tenant').value = 'team-beta';"
            + "document.querySelector('#ask-resource').value = 'mig-3g.20gb.shared';"
            + "document.querySelector('#ask').requestSubmit()");

    tab.until("an answer", "document.querySelector('#answer .verdict')");
    assertThat(tab.text("#answer .verdict")).startsWith("Yes it would fit on node gpu-");
    tab.until("pointed out", "document.querySelectorAll('button.slice.hit').length === 1");

    tab.value(
        "document.querySelector('#ask-tenant').value = 'team-alpha';"
            + "document.querySelector('#ask-resource').value = 'mig-1g.5gb';"
            + "document.querySelector('#ask').requestSubmit()");

    tab.until("no", "document.querySelector('#answer .verdict.no')");
    assertThat(tab.text("#answer")).contains("would exceed its quota limit of 5 compute slices");
  }

  @Test
  void theKeyboardReachesSlices() throws Exception {
    String at = "document.activeElement";
    for (int tabs = 0; !tab.value(at + ".className").asText().equals("node-head"); tabs++) {
      assertThat(tabs).as("tabs until the map").isLessThan(12);
      tab.press("Tab");
    }
    assertThat(tab.text("[aria-expanded][tabindex=\"0\"] .node-name")).isEqualTo("gpu-a");

    tab.press("ArrowRight");
    assertThat(tab.value(at + ".ariaLabel").asText())
        .startsWith("1g.5gb at slot 0 of GPU 0 on gpu-a, whole, held by team-alpha/");
    tab.press("ArrowRight", "ArrowDown");
    assertThat(tab.value(at + ".ariaLabel").asText()).startsWith("2g.10gb at slot 0 of GPU 1");
    tab.press("ArrowUp", "End", "Enter");
    assertThat(tab.text("#slice-body .lead")).isEqualTo("1g.5gb@6 of GPU 0, gpu-a: free");
    tab.press("Escape", "ArrowLeft");
    assertThat(tab.value("document.querySelector('#slice').hidden").asBoolean()).isTrue();

    tab.press("Home", "ArrowLeft", "ArrowLeft");
    assertThat(tab.value(at + ".ariaExpanded").asText()).isEqualTo("false");
    tab.press("ArrowDown");
    assertThat(tab.value(at + ".innerText").asText()).contains("gpu-b");
  }

  @Test
  void theFilterLeavesWhatItNames() throws Exception {
    tab.value("document.querySelector('#filter').focus()");
    tab.type("gpu-b free");

    tab.until("one", "document.querySelector('#shown').textContent === '1 of 2 nodes'");
    assertThat(tab.value("document.querySelectorAll('.node:not([hidden])').length").asInt())
        .isEqualTo(1);
    assertThat(
            tab.value("document.querySelectorAll('.node:not([hidden]) .slice.whole.dim').length")
                .asInt())
        .isEqualTo(3);
  }

  @Test
  void aPastedTokenIsSentWithEachQuestionAndStaysInTheTab() throws Exception {
    URI events = demo.map().resolve("../state/events");
    assertThat(tab.shown()).contains(events + " -");

    tab.value("document.querySelector('#sign-in').click()");
    tab.type("a.b.c");
    tab.press("Enter");

    tab.until("kept", "sessionStorage.getItem('lamella.token') === 'a.b.c'");
    tab.until("live", "document.querySelector('#link').dataset.kind === 'live'");
    assertThat(tab.shown()).contains(events + " Bearer a.b.c");
    assertThat(tab.value("document.cookie + Object.keys(localStorage)").asText()).isEmpty();
    tab.value("sessionStorage.clear()");
  }

  @Test
  void textIsReadableInLightAndDark() throws Exception {
    for (boolean dark : List.of(false, true)) {
      tab.look(1440, 1000, dark);
      assertThat(tab.value(Contrast.POOR))
          .as(dark ? "dark" : "light")
          .allSatisfy(poor -> assertThat(poor.asText()).isEmpty());
    }
  }
}
