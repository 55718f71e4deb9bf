package heed.flink;

import heed.moderation.ModerationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/// A topic of Kafka, `kafka://host:port[,host:port]/topic`. Messages are JSON; what is written is one
/// transaction a checkpoint, so readers with `isolation.level=read_committed` see each line exactly once.
///
/// @param servers `host:port`, with commas
record KafkaPlace(String servers, String topic) implements Place {
    static final String SCHEME = "kafka://";

    private static final Pattern SERVERS = Pattern.compile("[^/,\\s]+:\\d{1,5}(,[^/,\\s]+:\\d{1,5})*");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    /// The most that a broker allows unless it is told otherwise. A job that is down for longer than this loses
    /// what it had written and not committed.
    private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(15);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// @throws ModerationException when it is no address of a topic
    static KafkaPlace parse(String address) {
        String rest = address.substring(SCHEME.length());
        int slash = rest.indexOf('/');
        String servers = slash < 0 ? rest : rest.substring(0, slash);
        String topic = slash < 0 ? "" : rest.substring(slash + 1);
        if (!SERVERS.matcher(servers).matches() || !TOPIC.matcher(topic).matches()) {
            throw new ModerationException("'" + address + "' is no topic, expected kafka://host:port/topic");
        }
        return new KafkaPlace(servers, topic);
    }

    @Override
    public Source<Arrival, ?, ?> source(boolean json, boolean follow) {
        KafkaSourceBuilder<Arrival> builder = KafkaSource.<Arrival>builder()
                .setBootstrapServers(servers)
                .setTopics(topic)
                .setGroupId("heed-" + topic)
                .setClientIdPrefix("heed-" + topic)
                .setStartingOffsets(OffsetsInitializer.earliest()) // a checkpoint knows better, if there is one
                .setProperty("isolation.level", "read_committed")
                .setProperty("partition.discovery.interval.ms", "30000")
                .setDeserializer(new Messages());
        return (follow ? builder : builder.setBounded(OffsetsInitializer.latest())).build();
    }

    @Override
    public Sink<OutputLine> sink(String folder, String name, Duration every) {
        return KafkaSink.<OutputLine>builder()
                .setBootstrapServers(servers)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(name)
                .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                .setProperty("transaction.timeout.ms", String.valueOf(LONGEST_TRANSACTION.toMillis()))
                .setProperty("linger.ms", "20")
                .setProperty("compression.type", "lz4")
                .setRecordSerializer(KafkaRecordSerializationSchema.<OutputLine>builder()
                        .setTopic(topic)
                        .setKeySerializationSchema(new Key())
                        .setValueSerializationSchema(new Value())
                        .build())
                .build();
    }

    /// @throws ModerationException when no broker answers, or there is no such topic
    void requireTopic() {
        withAdmin(admin ->
                admin.describeTopics(List.of(topic)).allTopicNames().get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    /// Makes the topic if there is none, with as many partitions as its broker thinks right.
    ///
    /// @throws ModerationException when no broker answers, or it does not allow it
    void makeTopic() {
        withAdmin(admin -> {
            try {
                return admin.createTopics(List.of(new NewTopic(topic, Optional.empty(), Optional.empty())))
                        .all()
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TopicExistsException) {
                    return null;
                }
                throw e;
            }
        });
    }

    private interface Request {
        @Nullable
        Object ask(Admin admin) throws ExecutionException, InterruptedException, TimeoutException;
    }

    private void withAdmin(Request request) {
        int patience = (int) PATIENCE.toMillis();
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers", servers, "request.timeout.ms", patience, "default.api.timeout.ms", patience))) {
            request.ask(admin);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ModerationException("topic " + topic + " at " + servers + ": " + cause.getMessage(), e);
        } catch (TimeoutException e) {
            throw new ModerationException(
                    "no Kafka broker answers at " + servers + " within " + PATIENCE.toSeconds() + " s", e);
        } catch (org.apache.kafka.common.KafkaException e) {
            throw new ModerationException("cannot reach Kafka at " + servers + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModerationException("interrupted while waiting for Kafka at " + servers, e);
        }
    }

    /// Messages as they come.
    private static final class Messages implements KafkaRecordDeserializationSchema<Arrival> {
        private static final long serialVersionUID = 1L;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<Arrival> out) {
            String place = message.topic() + "-" + message.partition() + "@" + message.offset();
            byte[] value = message.value();
            out.collect(
                    value == null
                            ? new Arrival(place, true, "", "the message is empty")
                            : Utf8.arrival(place, true, value, value.length));
        }

        @Override
        public TypeInformation<Arrival> getProducedType() {
            return Types.POJO(Arrival.class);
        }
    }

    // Flink asks these for their types, which a lambda does not have

    private record Key() implements SerializationSchema<OutputLine> {
        @Override
        public byte[] serialize(OutputLine line) {
            return line.key().getBytes(StandardCharsets.UTF_8);
        }
    }

    private record Value() implements SerializationSchema<OutputLine> {
        @Override
        public byte[] serialize(OutputLine line) {
            return line.line().getBytes(StandardCharsets.UTF_8);
        }
    }
}
