package dev.lamella.extender.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.extender.Await;
import dev.lamella.extender.config.ExtenderConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalTest {

  @Test
  void everyQuestionIsAnsweredAsItShouldBe() {
    List<Script.Question> questions = Script.questions();
    Rehearsal rehearsal = Rehearsal.start(ExtenderConfig.DEFAULTS, () -> false, questions, 1);

    Await.until("the rehearsal is over", rehearsal::over);

    assertThat(rehearsal.answered()).isEqualTo(questions.size());
  }

  @Test
  void oneThatGoesWrongIsOverToo() {
    Script.Question right = Script.questions().get(0);
    Script.Question wrong = new Script.Question("wrong", right.request(), "what nobody says");
    Rehearsal rehearsal =
        Rehearsal.start(ExtenderConfig.DEFAULTS, () -> false, List.of(right, wrong), 1);

    Await.until("the rehearsal is over", rehearsal::over);

    assertThat(rehearsal.answered()).isEqualTo(1);
  }
}
