package dev.lamella.deviceplugin.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a pod is given. */
class AllocationBookTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");

  @Test
  void aPodGetsTheSlicesOfItsAssignment() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole c a
        admit P whole 2          | a c
        bound Q 20 share d*3
        admit Q share 3          | d::0 d::1 d::2
        holds                    | a=P? c=P? d::0=Q? d::1=Q? d::2=Q?
        read
        holds                    | a=P c=P d::0=Q d::1=Q d::2=Q
        """);
  }

  @Test
  void aPodThatHasBegunGoesOnBeforeOthersBegin() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a
        bound Q 20 whole b c
        admit Q whole 2          | b c
        admit P whole 1          | a
        """);
    BookTable.run(
        """
        bound P 20 share b*3
        bound Q 10 share a*1
        bound R 30 share c*2
        admit R share 2          | c::0 c::1
        admit P share 2          | b::0 b::1
        admit P share 1          | b::2
        admit Q share 1          | a::0
        """);
  }

  @Test
  void anExactMatchGoesBeforeALargerOneThenTheOneSeenFirst() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a b
        bound R 30 whole d
        bound Q 20 whole c
        admit R whole 1          | d
        admit Q whole 1          | c
        admit P whole 1          | a
        admit P whole 1          | b
        """);
  }

  @Test
  void sharesOfOneContainerStandOnOneSliceWherePossible() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 share a*2 b*1
        admit P share 1          | b::0
        admit P share 2          | a::0 a::1
        bound Q 20 share a*1 c*1
        admit Q share 2          | a::2 c::0
        """);
  }

  @Test
  void anInitContainersDevicesAreHeldOnByLaterContainers() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 share a*2
        bound Q 5 share a*1
        admit P share 2          | a::0 a::1
        take P share a::0        | a::0
        take P share a::0 a::1   | a::0 a::1
        admit Q share 1          | a::2
        read
        take P share a::1        | a::1
        holds                    | a::0=P a::1=P a::2=Q
        """);
    BookTable.run(
        """
        bound P 10 whole a b
        bound Q 5 whole c d
        take P whole a           | a
        admit P whole 2 with a   | a b
        admit Q whole 2          | c d
        """);
  }

  @Test
  void withoutAnAssignmentADeviceInNoneIsTaken() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a
        bound Q 10 share b*2
        admit P whole 1          | a
        admit X whole 1          | guess c
        admit Y share 3          | guess d::0 d::1 d::2
        admit Q share 2          | b::0 b::1
        admit W share 1          | guess d::3
        admit V share 1          | guess b::2
        admit U share 2          | guess b::3
        admit T whole 1          | guess MALFORMED
        """);
  }

  @Test
  void aPromisedDeviceIsTheLastResortAndNeverInTheOtherMode() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a b
        bound Q 20 share c*3
        bound R 30 whole d
        admit X share 4          | guess c::0 c::1 c::2 c::3
        admit Y whole 3          | guess a b d
        """);
  }

  @Test
  void waitsForAnAssignmentThatComesLate() throws Exception {
    Patience patience =
        new Patience(Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO, Duration.ZERO);
    AllocationBook book = new AllocationBook(patience, System::nanoTime);
    book.offer(BookTable.catalogue());
    List<DeviceId> all = List.of(DeviceId.whole("a"), DeviceId.whole("b"), DeviceId.whole("c"));
    CompletableFuture<Choice> choice =
        CompletableFuture.supplyAsync(() -> prefer(book, new Ask(WHOLE, all, List.of(), 1)));

    Assignment assignment = new Assignment(1, List.of(Held.whole(WHOLE, List.of("c"))));
    book.seen(new KnownPod("uid", new PodName("team", "p"), Optional.of(assignment)));

    assertThat(choice.get(20, TimeUnit.SECONDS))
        .isEqualTo(new Choice(List.of(DeviceId.whole("c")), Choice.Basis.ASSIGNMENT));
  }

  @Test
  void aBookThatIsClosedLetsNobodyWait() throws Exception {
    Patience patience =
        new Patience(Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, Duration.ZERO);
    AllocationBook book = new AllocationBook(patience, System::nanoTime);
    book.offer(BookTable.catalogue());
    CompletableFuture<Choice> choice =
        CompletableFuture.supplyAsync(
            () -> prefer(book, new Ask(WHOLE, List.of(DeviceId.whole("b")), List.of(), 1)));

    book.close();

    assertThat(choice.get(20, TimeUnit.SECONDS).basis()).isEqualTo(Choice.Basis.FALLBACK);
  }

  private static Choice prefer(AllocationBook book, Ask ask) {
    try {
      return book.prefer(ask);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
