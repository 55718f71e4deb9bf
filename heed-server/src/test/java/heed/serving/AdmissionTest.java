package heed.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import heed.serving.NotServed.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdmissionTest {
    private final AtomicLong now = new AtomicLong();
    private final Admission admission = new Admission(100, now::get);

    private NotServed refusal(long tokens) {
        return catchThrowableOfType(NotServed.class, () -> admission.admit(tokens));
    }

    @Test
    void beyondItsCapacityNobodyIsLetInUntilSomebodyLeaves() {
        Admission.Ticket first = admission.admit(60);
        Admission.Ticket second = admission.admit(40);
        assertThat(admission.taken()).isEqualTo(100);
        assertThat(refusal(1).reason()).isEqualTo(Reason.OVERLOADED);
        first.close();
        first.close(); // makes room once
        assertThat(admission.taken()).isEqualTo(40);
        admission.admit(60).close();
        second.close();
        assertThat(admission.taken()).isZero();
    }

    @Test
    void whatNeverFitsIsToldSoAndNotToComeAgain() {
        NotServed refusal = refusal(101);
        assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(refusal.retryAfter()).isZero();
        assertThat(refusal).hasMessageContaining("101 tokens").hasMessageContaining("at most 100");
    }

    @Test
    void whoIsTurnedAwayLearnsHowLongWhatIsUnderWayWillTake() {
        Admission.Ticket done = admission.admit(50);
        now.addAndGet(Duration.ofSeconds(10).toNanos()); // 5 tokens a second
        done.close();
        now.addAndGet(Duration.ofHours(1).toNanos()); // nobody here: that says nothing of the pace
        admission.admit(100);
        assertThat(refusal(1).retryAfter()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void whoWouldWaitTooLongBehindTheOthersIsTurnedAway() {
        Admission patient = new Admission("tokens", 1000, Duration.ofSeconds(5), now::get);
        Admission.Ticket done = patient.admit(100);
        now.addAndGet(Duration.ofSeconds(10).toNanos()); // 10 tokens a second
        done.close();
        patient.admit(600); // a minute's work
        List<Admission.Ticket> small = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            small.add(patient.admit(10)); // those inside take turns: the large one comes in between with as much
        }
        NotServed refusal = catchThrowableOfType(NotServed.class, () -> patient.admit(10));
        assertThat(refusal.reason()).isEqualTo(Reason.OVERLOADED);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(60));
        patient.admit(5).close(); // waits half as long
        small.forEach(Admission.Ticket::close);
        patient.admit(10).close();
    }

    @Test
    void beforeThePaceIsKnownNobodyIsTurnedAwayForIt() {
        Admission patient = new Admission("tokens", 1000, Duration.ofSeconds(5), now::get);
        patient.admit(400);
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        patient.admit(400);
    }

    @Test
    void whereNobodyKnowsThePaceASecondIsSaid() {
        admission.admit(100);
        assertThat(refusal(1).retryAfter()).isEqualTo(Duration.ofSeconds(1));
        now.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(refusal(1).retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void thePaceFollowsChanges() {
        for (int i = 0; i < 100; i++) {
            Admission.Ticket slow = admission.admit(1);
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            slow.close();
        }
        for (int i = 0; i < 100; i++) {
            Admission.Ticket fast = admission.admit(100);
            now.addAndGet(Duration.ofSeconds(2).toNanos());
            fast.close();
        }
        admission.admit(100);
        assertThat(refusal(1).retryAfter()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void aFullGateTurnsAwayBeforeAnyWorkIsDone() {
        admission.requireRoom();
        admission.admit(100);
        assertThat(catchThrowableOfType(NotServed.class, admission::requireRoom).reason())
                .isEqualTo(Reason.OVERLOADED);
    }

    @Test
    void aClosedGateLetsNobodyInAndWaitsForThoseInside() throws Exception {
        Admission.Ticket inside = admission.admit(5);
        admission.close();
        assertThat(refusal(1).reason()).isEqualTo(Reason.UNREADY);
        assertThat(admission.awaitEmpty(Duration.ZERO)).isFalse();
        Thread leaving = Thread.startVirtualThread(inside::close);
        assertThat(admission.awaitEmpty(Duration.ofSeconds(50))).isTrue();
        leaving.join();
    }

    @Test
    void manyAtOnceNeverExceedTheCapacity() throws Exception {
        AtomicInteger most = new AtomicInteger();
        List<Thread> askers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            askers.add(Thread.startVirtualThread(() -> {
                for (int n = 0; n < 500; n++) {
                    try (Admission.Ticket _ = admission.admit(17)) {
                        most.accumulateAndGet((int) admission.taken(), Math::max);
                    } catch (NotServed e) {
                        assertThat(e.reason()).isEqualTo(Reason.OVERLOADED);
                    }
                }
            }));
        }
        for (Thread asker : askers) {
            asker.join();
        }
        assertThat(most.get()).isBetween(17, 100);
        assertThat(admission.taken()).isZero();
    }

    @Test
    void aGateForNothingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Admission(0, now::get));
    }
}
