package dev.lamella.deviceplugin.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who holds what, and until when. */
class HoldsTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");

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
}
