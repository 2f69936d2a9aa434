package dev.lamella.deviceplugin.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pods that got each other's devices. */
class SlipsTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");

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
}
