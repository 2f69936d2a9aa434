package dev.lamella.deviceplugin.allocation;

import org.junit.jupiter.api.Test;

/** What nobody is given. */
class RefusalsTest {

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
}
