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
  void podsOfOneShapeMayGetEachOthersSlices() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a
        bound Q 20 whole b
        admit Q whole 1          | a
        holds                    | a=P?
        read
        holds                    | a=Q
        admit P whole 1          | b
        read
        holds                    | a=Q b=P
        bound R 30 whole c
        admit R whole 1          | c
        """);
    BookTable.run(
        """
        bound P 10 share a*1
        bound Q 20 share b*1
        admit Q share 1          | a::0
        holds                    | a::0=P?
        read
        holds                    | a::0=Q
        admit P share 1          | a::1
        read
        holds                    | a::0=Q a::1=P
        bound R 30 share c*1
        admit R share 1          | c::0
        """);
  }

  @Test
  void aPodThatHasAnothersShareTakesNothingFromThoseThatComeLater() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 share a*1
        bound Q 20 share b*1
        admit Q share 1          | a::0
        admit P share 1          | b::0
        read
        holds                    | a::0=Q b::0=P
        end P
        gone P
        read
        bound W 30 whole b
        admit W whole 1          | b
        bound N 40 share a*1
        admit N share 1          | a::1
        bound M 50 share a*1
        admit M share 1          | a::2
        """);
  }

  @Test
  void whatIsOwedOnASliceInTheOtherModeIsNotGivenToAPodThatIsOwedElsewhere()
      throws InterruptedException {
    BookTable.run(
        """
        bound P 10 share a*1
        bound W 20 whole a
        take W whole a           | a
        bound Q 30 share b*1
        admit Q share 1          | b::0
        """);
  }

  @Test
  void whereThereIsNoRoomForAllThePlacesOfThoseThatSlippedAreTaken() throws InterruptedException {
    BookTable.run(
        """
        read
        bound P 10 share a*4
        bound Q 20 share b*4
        bound R 30 share c*4
        take Q share a::0 a::1 a::2 a::3 | a::0 a::1 a::2 a::3
        take R share b::0 b::1 b::2 b::3 | b::0 b::1 b::2 b::3
        read
        admit P share 4          | c::0 c::1 c::2 c::3
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
  void anAssignmentThatContradictsAnotherKeepsNobodyOut() throws InterruptedException {
    BookTable.run(
        """
        bound Forger 1 whole a b c
        bound P 10 share a*1
        admit P share 1          | a::0
        take X share b::0        | MODES_WOULD_MIX
        take Forger whole a      | MODES_WOULD_MIX
        """);
  }

  @Test
  void modesNeverMixOnOneSlice() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a
        admit P whole 1          | a
        take X share a::0        | MODES_WOULD_MIX
        bound Q 20 share b*1
        take X whole b           | MODES_WOULD_MIX
        admit Q share 1          | b::0
        take X whole b           | MODES_WOULD_MIX
        take X share b::3        | b::3
        end P
        gone P
        read
        take X share a::0        | a::0
        """);
  }

  @Test
  void idsOfOtherPoolsAndUnhealthyOnesAreRefused() throws InterruptedException {
    BookTable.run(
        """
        take X whole z           | UNKNOWN_DEVICE
        take X whole a::0        | UNKNOWN_DEVICE
        take X share a           | UNKNOWN_DEVICE
        take X share a::4        | UNKNOWN_DEVICE
        take X share a::b        | UNKNOWN_DEVICE
        take X whole e           | UNHEALTHY_DEVICE
        holds                    |
        """);
  }

  @Test
  void whatWasHandedOutAndIsNeverShownIsFreeAfterAWhile() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a
        admit P whole 1          | a
        end P
        read
        holds                    | a=P?
        later 6
        read
        holds                    |
        """);
    BookTable.run(
        """
        read
        bound P 10 whole a
        admit P whole 1          | a
        end P
        gone P
        read
        holds                    | a=P?
        later 1
        read
        holds                    |
        """);
  }

  @Test
  void aPodThatGotTheSliceOfOneThatWasDeletedBeforeItsAdmissionHoldsIt()
      throws InterruptedException {
    BookTable.run(
        """
        read
        bound P 10 whole a
        bound Q 20 whole b
        admit Q whole 1          | a
        gone P
        read before Q
        holds                    | a=P?
        take X share a::0        | MODES_WOULD_MIX
        read
        holds                    | a=Q
        """);
  }

  @Test
  void withoutPodResourcesAPodThatIsGoneHoldsNothing() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a
        admit P whole 1          | a
        gone P
        take X share a::0        | a::0
        """);
  }

  @Test
  void whatTheKubeletOffersAsFreeIsFree() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a
        admit P whole 1          | a
        read
        end P
        bound Q 20 whole a
        gone P
        admit Q whole 1          | a
        holds                    | a=Q?
        """);
  }

  @Test
  void whatTheKubeletOffersThoughAPodHasItGoesToNobodyElse() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a, share c*1
        admit P whole 1          | a
        admit P share 1          | c::0
        read
        bound Q 20 whole b, share c*1
        end P
        admit Q whole 1          | b
        admit Q share 1          | c::1
        admit R whole 1          | guess d
        """);
  }

  @Test
  void aKubeletThatHasNotGotItsPodsYetTakesNothingFromThem() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 share a*1
        take P share b::0        | b::0
        read
        bound W 20 whole a
        admit W whole 1          | a
        read
        read none
        holds                    | a=W b::0=P
        bound Q 30 share b*1
        admit Q share 1          | b::1
        gone P
        read none
        holds                    | a=W b::1=Q?
        """);
  }

  @Test
  void aNewPodOfTheSameNameDoesNotInheritWhatTheOldOneStillHolds() throws InterruptedException {
    BookTable.run(
        """
        bound P 10 whole a
        admit P whole 1          | a
        read
        gone P
        bound P' 20 whole b
        read
        holds                    | a=P
        end P
        read
        holds                    |
        admit P' whole 1         | b
        read
        holds                    | b=P'
        """);
  }

  @Test
  void asksAgainOnlyWhileAPodThatEndedStillShows() {
    AllocationBook book = new AllocationBook(Patience.STANDALONE, System::nanoTime);
    book.offer(BookTable.catalogue());
    PodName name = new PodName("team", "p");
    book.seen(new KnownPod("uid-p", name, Optional.empty()));
    DeviceId device = DeviceId.whole("a");
    book.reconcile(
        new Reading(List.of(new Reading.Held(WHOLE, device, name)), System.nanoTime(), "1"));
    assertThat(book.awaitsRelease()).isFalse();

    book.gone("uid-p");
    assertThat(book.awaitsRelease()).isTrue();

    book.reconcile(new Reading(List.of(), System.nanoTime(), "2"));
    assertThat(book.awaitsRelease()).isFalse();
  }

  @Test
  void namesDevicesInTheHandsOfPodsThatWereAssignedOthers() {
    AllocationBook book = new AllocationBook(Patience.STANDALONE, System::nanoTime);
    book.offer(BookTable.catalogue());
    Assignment onA = new Assignment(1, List.of(Held.whole(WHOLE, List.of("a"))));
    PodName right = new PodName("team", "right");
    PodName wrong = new PodName("team", "wrong");
    PodName unassigned = new PodName("team", "unassigned");
    book.seen(new KnownPod("uid-right", right, Optional.of(onA)));
    book.seen(new KnownPod("uid-wrong", wrong, Optional.of(onA)));
    book.seen(new KnownPod("uid-unassigned", unassigned, Optional.empty()));

    book.reconcile(
        new Reading(
            List.of(
                new Reading.Held(WHOLE, DeviceId.whole("a"), right, "main"),
                new Reading.Held(WHOLE, DeviceId.whole("b"), wrong, "main"),
                new Reading.Held(WHOLE, DeviceId.whole("c"), unassigned, "main")),
            System.nanoTime(),
            "1"));

    assertThat(book.mismatches())
        .singleElement()
        .satisfies(
            hold -> {
              assertThat(hold.uid()).contains("uid-wrong");
              assertThat(hold.slice()).isEqualTo("b");
              assertThat(hold.container()).isEqualTo("main");
            });
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
