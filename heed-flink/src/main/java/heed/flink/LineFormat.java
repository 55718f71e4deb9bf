package heed.flink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.apache.flink.core.fs.FSDataInputStream;
import org.jspecify.annotations.Nullable;

/// Lines of a file with their numbers. Flink's own reader of lines does not know the file, and counts from the
/// beginning to find its place again; this one remembers byte and line.
final class LineFormat implements BulkFormat<Arrival, FileSourceSplit> {
    private static final long serialVersionUID = 1L;

    private static final int LINES_PER_BATCH = 128;
    private static final int BUFFER = 1 << 15;

    private final String root;
    private final boolean json;
    private final int longest;

    /// @param root the folder or file that was asked for
    /// @param json whether all files are, whatever they are called
    /// @param longest the most bytes of a line
    LineFormat(String root, boolean json, int longest) {
        this.root = root;
        this.json = json;
        this.longest = longest;
    }

    @Override
    public Reader<Arrival> createReader(Configuration configuration, FileSourceSplit split) throws IOException {
        return new LineReader(split, new CheckpointedPosition(0, 0));
    }

    @Override
    public Reader<Arrival> restoreReader(Configuration configuration, FileSourceSplit split) throws IOException {
        return new LineReader(split, split.getReaderPosition().orElseGet(() -> new CheckpointedPosition(0, 0)));
    }

    @Override
    public boolean isSplittable() {
        return false; // who begins in the middle does not know the number of the line
    }

    @Override
    public TypeInformation<Arrival> getProducedType() {
        return Types.POJO(Arrival.class);
    }

    /// The file as a person would name it: below the folder that was asked for.
    private String name(FileSourceSplit split) {
        String path = split.path().getPath();
        String folder = new org.apache.flink.core.fs.Path(root).getPath() + "/";
        return path.startsWith(folder)
                ? path.substring(folder.length())
                : split.path().getName();
    }

    private static boolean namesJson(String file) {
        return file.endsWith(".jsonl") || file.endsWith(".ndjson") || file.endsWith(".json");
    }

    /// Its positions are the byte after a line, and how many lines there were before it.
    private final class LineReader implements Reader<Arrival> {
        private final String name;
        private final boolean json;
        private final FSDataInputStream in;
        private final byte[] buffer = new byte[BUFFER];
        private int from;
        private int to;
        private long offset;
        private long number;

        LineReader(FileSourceSplit split, CheckpointedPosition position) throws IOException {
            name = name(split);
            json = LineFormat.this.json || namesJson(name);
            in = split.path().getFileSystem().open(split.path());
            offset = position.getOffset();
            number = position.getRecordsAfterOffset();
            if (offset > 0) {
                in.seek(offset);
            }
        }

        @Override
        public @Nullable RecordIterator<Arrival> readBatch() throws IOException {
            List<RecordAndPosition<Arrival>> lines = new ArrayList<>();
            long begin = offset;
            while (lines.size() < LINES_PER_BATCH && offset - begin < longest) {
                Arrival line = next();
                if (line == null) {
                    break;
                }
                lines.add(new RecordAndPosition<>(line, offset, number));
            }
            return lines.isEmpty() ? null : new Batch(lines.iterator());
        }

        private @Nullable Arrival next() throws IOException {
            byte[] line = new byte[0];
            boolean any = false;
            boolean tooLong = false;
            while (true) {
                if (from == to) {
                    from = 0;
                    to = Math.max(0, in.read(buffer, 0, buffer.length));
                    if (to == 0) {
                        return any ? arrival(line, tooLong) : null;
                    }
                }
                any = true;
                int end = from;
                while (end < to && buffer[end] != '\n') {
                    end++;
                }
                int more = tooLong ? 0 : Math.min(end - from, longest - line.length);
                tooLong |= more < end - from;
                int length = line.length;
                line = Arrays.copyOf(line, length + more);
                System.arraycopy(buffer, from, line, length, more);
                boolean whole = end < to;
                offset += end - from + (whole ? 1 : 0);
                from = whole ? end + 1 : end;
                if (whole) {
                    return arrival(line, tooLong);
                }
            }
        }

        private Arrival arrival(byte[] line, boolean tooLong) {
            number++;
            String place = name + ":" + number;
            if (tooLong) {
                return new Arrival(place, json, "", "the line has more than " + longest + " bytes");
            }
            boolean returned = line.length > 0 && line[line.length - 1] == '\r';
            return Utf8.arrival(place, json, line, returned ? line.length - 1 : line.length);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private record Batch(Iterator<RecordAndPosition<Arrival>> lines) implements RecordIterator<Arrival> {
        @Override
        public @Nullable RecordAndPosition<Arrival> next() {
            return lines.hasNext() ? lines.next() : null;
        }

        @Override
        public void releaseBatch() {}
    }
}
