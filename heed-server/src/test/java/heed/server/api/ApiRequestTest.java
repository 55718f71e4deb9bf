package heed.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import heed.serving.NotServed;
import heed.serving.NotServed.Reason;
import heed.serving.Serving;
import heed.serving.ServingSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiRequestTest {
    private final AtomicLong now = new AtomicLong();
    private final Serving serving = new Serving(
            ServingSettings.defaults().withMaxBodyBytes(50_000).withTimeout(Duration.ofSeconds(10)),
            List.of(),
            now::get,
            "test");

    @AfterEach
    void nothingIsLeftUnderWay() {
        assertThat(serving.bodies().taken()).isZero();
        serving.close();
    }

    private NotServed refusal(InputStream in, long length) {
        return catchThrowableOfType(NotServed.class, () -> ApiRequest.read(in, length, serving));
    }

    private Fields fields(String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try (ApiRequest request = ApiRequest.read(new ByteArrayInputStream(bytes), bytes.length, serving)) {
            return request.fields();
        }
    }

    /// Gives a byte every so often, as a client does that wants to keep a server busy.
    private InputStream dripping(Duration pace) {
        return new InputStream() {
            @Override
            public int read() {
                now.addAndGet(pace.toNanos());
                return ' ';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                bytes[offset] = (byte) read();
                return 1;
            }
        };
    }

    @Test
    void aClientThatSendsAByteNowAndThenIsNotWaitedFor() {
        NotServed refusal = refusal(dripping(Duration.ofSeconds(1)), 1000);
        assertThat(refusal.reason()).isEqualTo(Reason.SLOW);
        assertThat(Duration.ofNanos(now.get())).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aBodyOfUnknownLengthEndsAtTheLimit() {
        AtomicLong read = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                read.addAndGet(length);
                return length;
            }
        };
        assertThat(refusal(endless, -1).reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(read.get()).isBetween(50_000L, 70_000L);
        assertThat(refusal(InputStream.nullInputStream(), 100 << 20).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aRequestCountsAsUnderWayUntilItIsAnswered() throws Exception {
        byte[] bytes = "{}".getBytes(StandardCharsets.UTF_8);
        try (ApiRequest _ = ApiRequest.read(new ByteArrayInputStream(bytes), bytes.length, serving)) {
            assertThat(serving.bodies().taken()).isPositive();
        }
    }

    @Test
    void whatIsNoJsonIsToldByItsPlaceAndNeverQuoted() {
        NotServed refusal =
                refusal(new ByteArrayInputStream("{\n\"inputs\": secret}".getBytes(StandardCharsets.UTF_8)), 19);
        assertThat(refusal).hasMessageContaining("line 2").hasMessageNotContaining("secret");
        assertThat(refusal(new ByteArrayInputStream("[1]".getBytes(StandardCharsets.UTF_8)), 3))
                .hasMessage("the request is not a JSON object");
        assertThat(refusal(InputStream.nullInputStream(), 0)).hasMessage("the request is not a JSON object");
        String nested = "{\"a\":" + "[".repeat(20_000);
        assertThat(refusal(new ByteArrayInputStream(nested.getBytes(StandardCharsets.UTF_8)), nested.length())
                        .reason())
                .isEqualTo(Reason.INVALID);
    }

    @Test
    void wrongTypesAreRefusedByName() throws Exception {
        Fields fields = fields("{\"a\": 1, \"b\": \"x\", \"c\": [1], \"d\": {\"e\": [\"y\", 2]}, \"f\": []}");
        assertThatThrownBy(() -> fields.text("a")).hasMessage("'a' is not a text");
        assertThatThrownBy(() -> fields.text("z")).hasMessage("'z' is missing");
        assertThatThrownBy(() -> fields.whole("b", 1)).hasMessage("'b' is not a whole number");
        assertThatThrownBy(() -> fields.flag("b", true)).hasMessage("'b' is not true or false");
        assertThatThrownBy(() -> fields.decimalOrNull("c")).hasMessage("'c' is not a number");
        assertThatThrownBy(() -> fields.texts("c")).hasMessage("'c[0]' is not a text");
        assertThatThrownBy(() -> fields.object("d").texts("e")).hasMessage("'d.e[1]' is not a text");
        assertThatThrownBy(() -> fields.texts("f")).hasMessage("'f' is not a list with anything in it");
        assertThatThrownBy(() -> fields.objects("c")).hasMessage("'c' is not a list of objects");
    }

    @Test
    void halvesOfSurrogatePairsBecomeReplacementCharacters() throws Exception {
        Fields fields = fields("{\"a\": \"x\\ud83d y\", \"b\": \"\\ude00\\ud83d\\ude00\"}");
        assertThat(fields.text("a")).isEqualTo("x\uFFFD y");
        assertThat(fields.text("b")).isEqualTo("\uFFFD😀");
    }
}
